//! CareSync Gateway.
