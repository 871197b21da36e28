//! Stories against the real gateway.
