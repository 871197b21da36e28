//! The `caresync-gateway` binary.
fn main() {}
