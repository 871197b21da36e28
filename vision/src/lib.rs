//! Room occupancy from camera pictures.
