//! What is measured of cameras.

use metrics::Unit;

/// How long it takes from a picture to the durable event that it caused.
pub const PICTURE_SECONDS: &str = "caresync_sensing_picture_seconds";

/// Name, unit, help, the upper bounds of its buckets.
pub const HISTOGRAMS: &[(&str, Unit, &str, &[f64])] = &[(
    PICTURE_SECONDS,
    Unit::Seconds,
    "From the picture that proved a change of a room to the change on the disk, which is broadcast next.",
    // The motion detector takes a millisecond, the model up to half a second on a small box; then comes a sync.
    &[0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0],
)];
