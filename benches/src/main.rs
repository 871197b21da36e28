//! Benchmark programs.
fn main() {}
