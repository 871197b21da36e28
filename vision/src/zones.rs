//! The parts of a picture that belong to the room, and who stands in them.

use serde::Deserialize;

/// A polygon in the upright picture. Coordinates are shares of width and height, 0.0..=1.0, origin
/// top left. Its edge belongs to it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Vec<[f32; 2]>")]
pub struct Zone {
    corners: Vec<[f32; 2]>,
}

/// Says why points make no zone.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ZoneError {
    /// Fewer than three.
    #[error("a zone needs at least 3 points and has {0}")]
    TooFewPoints(usize),
    /// More than [`Zone::CORNERS_MAX`].
    #[error("a zone has at most {max} points and this one has {0}", max = Zone::CORNERS_MAX)]
    TooManyPoints(usize),
    /// A coordinate outside the picture, or not a number.
    #[error("point {index} of the zone is [{x}, {y}]; both must be in 0..=1 (shares of width and height)")]
    OutsidePicture {
        /// Number of the point, from 0.
        index: usize,
        /// Share of the width.
        x: f32,
        /// Share of the height.
        y: f32,
    },
}

impl Zone {
    /// Most corners of a zone. A room is drawn with ten; the limit only keeps a broken file from
    /// costing time in each picture.
    pub const CORNERS_MAX: usize = 256;

    /// Returns whether the point is in the zone or on its edge.
    pub(crate) fn contains(&self, point: [f32; 2]) -> bool {
        let mut inside = false;
        for (index, &a) in self.corners.iter().enumerate() {
            let b = self.corners[(index + 1) % self.corners.len()];
            if distance_to_edge(point, a, b) <= EDGE_WIDTH {
                return true;
            }
            if crosses_to_the_right(point, a, b) {
                inside = !inside;
            }
        }
        inside
    }
}

/// Half a pixel of a 5000 pixel wide picture. A person cut off by the lower border stands at exactly
/// 1.0, on the edge of a zone which ends there.
const EDGE_WIDTH: f32 = 1e-4;

impl TryFrom<Vec<[f32; 2]>> for Zone {
    type Error = ZoneError;

    fn try_from(corners: Vec<[f32; 2]>) -> Result<Zone, ZoneError> {
        if corners.len() < 3 {
            return Err(ZoneError::TooFewPoints(corners.len()));
        }
        if corners.len() > Zone::CORNERS_MAX {
            return Err(ZoneError::TooManyPoints(corners.len()));
        }
        for (index, &[x, y]) in corners.iter().enumerate() {
            if !(0.0..=1.0).contains(&x) || !(0.0..=1.0).contains(&y) {
                return Err(ZoneError::OutsidePicture { index, x, y });
            }
        }
        Ok(Zone { corners })
    }
}

/// Returns whether a person who stands at `foot` counts: in one of the zones, or anywhere if there are
/// none. A foot outside the picture (a box may reach over its border) is moved to the border first.
pub(crate) fn counts(zones: &[Zone], foot: [f32; 2]) -> bool {
    let foot = foot.map(|share| share.clamp(0.0, 1.0));
    zones.is_empty() || zones.iter().any(|zone| zone.contains(foot))
}

/// Returns whether a ray from `point` to the right crosses the edge. An edge owns its upper end and not
/// its lower one, so that a corner is crossed once.
fn crosses_to_the_right([x, y]: [f32; 2], a: [f32; 2], b: [f32; 2]) -> bool {
    if (a[1] > y) == (b[1] > y) {
        return false;
    }
    x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
}

fn distance_to_edge([x, y]: [f32; 2], a: [f32; 2], b: [f32; 2]) -> f32 {
    let (along_x, along_y) = (b[0] - a[0], b[1] - a[1]);
    let length_squared = along_x * along_x + along_y * along_y;
    let share = if length_squared == 0.0 {
        0.0
    } else {
        (((x - a[0]) * along_x + (y - a[1]) * along_y) / length_squared).clamp(0.0, 1.0)
    };
    (x - a[0] - share * along_x).hypot(y - a[1] - share * along_y)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn zone(corners: &[[f32; 2]]) -> Zone {
        Zone::try_from(corners.to_vec()).unwrap()
    }

    #[test]
    fn points_that_make_no_polygon_in_the_picture_are_refused() {
        assert_eq!(Zone::try_from(vec![[0.0, 0.0]; 2]), Err(ZoneError::TooFewPoints(2)));
        assert_eq!(Zone::try_from(vec![[0.0, 0.0]; 257]), Err(ZoneError::TooManyPoints(257)));
        let outside = Zone::try_from(vec![[0.0, 0.0], [1.0, 0.0], [0.5, 1.5]]);
        assert_eq!(outside, Err(ZoneError::OutsidePicture { index: 2, x: 0.5, y: 1.5 }));
        assert!(Zone::try_from(vec![[0.0, 0.0], [f32::NAN, 0.0], [0.5, 0.5]]).is_err());
    }

    #[test]
    fn a_hollow_of_the_polygon_is_outside() {
        let horseshoe = zone(&[
            [0.1, 0.1],
            [0.9, 0.1],
            [0.9, 0.9],
            [0.7, 0.9],
            [0.7, 0.3],
            [0.3, 0.3],
            [0.3, 0.9],
            [0.1, 0.9],
        ]);
        assert!(!horseshoe.contains([0.5, 0.6]));
        assert!(horseshoe.contains([0.2, 0.6]) && horseshoe.contains([0.8, 0.6]));
    }

    #[test]
    fn somebody_cut_off_by_the_lower_border_stands_in_a_zone_that_ends_there() {
        let lower_half = [zone(&[[0.0, 0.5], [1.0, 0.5], [1.0, 1.0], [0.0, 1.0]])];
        assert!(counts(&lower_half, [0.5, 1.0]));
        assert!(counts(&lower_half, [0.5, 1.07]));
        assert!(!counts(&lower_half, [0.5, 0.4]));
        assert!(counts(&[], [0.5, 0.4]));
    }

    prop_compose! {
        /// A star around (0.5, 0.5): simple, not convex, and its centre and rays are known.
        fn star()(radii in prop::collection::vec(0.05f32..0.49, 3..24)) -> (Zone, Vec<(f32, f32)>) {
            let step = std::f32::consts::TAU / radii.len() as f32;
            let rays: Vec<_> = radii.iter().enumerate().map(|(i, &r)| (i as f32 * step, r)).collect();
            let corners: Vec<_> = rays.iter().map(|&(angle, r)| at(angle, r)).collect();
            (zone(&corners), rays)
        }
    }

    fn at(angle: f32, radius: f32) -> [f32; 2] {
        [0.5 + radius * angle.cos(), 0.5 + radius * angle.sin()]
    }

    proptest! {
        #[test]
        fn along_each_ray_of_a_star_inside_ends_at_the_corner((zone, rays) in star(), share in 0.0f32..0.98) {
            for (angle, radius) in rays {
                prop_assert!(zone.contains(at(angle, radius * share)));
                prop_assert!(zone.contains(at(angle, radius)), "the corner itself");
                prop_assert!(!zone.contains(at(angle, radius + 0.005)), "beyond the corner");
            }
        }

        #[test]
        fn the_order_of_the_corners_does_not_matter((zone, _) in star(), x in 0.0f32..=1.0, y in 0.0f32..=1.0, turn in 0usize..24) {
            let mut corners = zone.corners.clone();
            let turn = turn % corners.len();
            corners.rotate_left(turn);
            corners.reverse();
            prop_assert_eq!(zone.contains([x, y]), Zone { corners }.contains([x, y]));
        }

        #[test]
        fn the_whole_picture_holds_every_foot(x in -1.0f32..2.0, y in -1.0f32..2.0) {
            let all = [zone(&[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])];
            prop_assert!(counts(&all, [x, y]));
        }
    }
}
