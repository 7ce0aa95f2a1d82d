//! Places on the earth as scores of a sorted set, as Redis has them: both coordinates in 26 bits each, interleaved.
//!
//! ```text
//! longitude -180..180        0 .. 2^26    odd bits
//! latitude  -85.05..85.05    0 .. 2^26    even bits (Mercator's square ends there)
//! ```
//!
//! A prefix of 2 * n bits is a box; all members in a box have scores between two numbers. A search finds a size of boxes so
//! that the box of the centre and its eight neighbours cover the area, walks those of the nine that can hold anything, and
//! measures every member in them. So the order of results that are not sorted is that of the boxes.
//!
//! Distances are those on a sphere (haversine). Whoever decodes a score gets the middle of its box, less than 60 cm away.

use super::trig::{asin, cos, sin};

/// The limits of a longitude and a latitude.
pub const LONGITUDE: f64 = 180.0;
pub const LATITUDE: f64 = 85.05112878;
/// Metres.
const EARTH_RADIUS: f64 = 6_372_797.560856;
const MERCATOR_MAX: f64 = 20_037_726.37;
const DEGREE: f64 = std::f64::consts::PI / 180.0;
/// Bits of a coordinate.
const STEPS: u32 = 26;

/// Longitude and latitude in degrees.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Place {
    pub longitude: f64,
    pub latitude: f64,
}

impl Place {
    /// None beyond the limits.
    pub fn new(longitude: f64, latitude: f64) -> Option<Place> {
        let inside = |x: f64, limit: f64| (-limit..=limit).contains(&x);
        (inside(longitude, LONGITUDE) && inside(latitude, LATITUDE)).then_some(Place { longitude, latitude })
    }

    /// The score of a member here.
    pub fn score(self) -> f64 {
        Box::of(self, STEPS, LATITUDE).bits() as f64
    }

    /// Where a member of this score is.
    pub fn of_score(score: f64) -> Place {
        Box::of_bits(bits(score)).middle()
    }

    /// The public geohash of 11 characters, of which the last has no bits left.
    pub fn text(self) -> [u8; 11] {
        let bits = Box::of(self, STEPS, 90.0).bits();
        std::array::from_fn(|i| {
            let index = if i == 10 { 0 } else { (bits >> (52 - (i + 1) * 5)) & 31 };
            b"0123456789bcdefghjkmnpqrstuvwxyz"[index as usize]
        })
    }
}

/// A score as an integer, for scores that are none too: as x86 converts a double to 64 bits without a sign.
pub fn bits(score: f64) -> u64 {
    const HALF: f64 = (1u64 << 63) as f64;
    let signed = |x: f64| if (-HALF..HALF).contains(&x) { x as i64 } else { i64::MIN };
    if score < HALF { signed(score) as u64 } else { signed(score - HALF) as u64 ^ 1 << 63 }
}

/// Metres between two places.
pub fn distance(a: Place, b: Place) -> f64 {
    let (a_latitude, b_latitude) = (a.latitude * DEGREE, b.latitude * DEGREE);
    let v = sin((b.longitude * DEGREE - a.longitude * DEGREE) / 2.0);
    if v == 0.0 {
        return latitude_distance(a.latitude, b.latitude);
    }
    let u = sin((b_latitude - a_latitude) / 2.0);
    let h = u * u + cos(a_latitude) * cos(b_latitude) * v * v;
    2.0 * EARTH_RADIUS * asin(h.sqrt())
}

fn latitude_distance(a: f64, b: f64) -> f64 {
    EARTH_RADIUS * (b * DEGREE - a * DEGREE).abs()
}

/// The middle of places, as the mean of their directions from the middle of the earth.
fn middle(places: &[Place]) -> Place {
    let (mut x, mut y, mut z) = (0.0, 0.0, 0.0);
    for place in places {
        let (longitude, latitude) = (place.longitude * DEGREE, place.latitude * DEGREE);
        x += cos(latitude) * cos(longitude);
        y += cos(latitude) * sin(longitude);
        z += sin(latitude);
    }
    let aside = (x * x + y * y).sqrt();
    let longitude = match () {
        _ if aside == 0.0 => 0.0,
        _ if y.abs() > x.abs() => (std::f64::consts::FRAC_PI_2 - asin(x / aside)).copysign(y),
        _ if x < 0.0 => std::f64::consts::PI.copysign(y) - asin(y / aside),
        _ => asin(y / aside),
    };
    let latitude = asin(z / (aside * aside + z * z).sqrt()) / DEGREE;
    Place { longitude: longitude / DEGREE, latitude: if latitude.is_nan() { 0.0 } else { latitude } }
}

/// The middle of a polygon, and a rectangle around it that has all of it.
pub fn around(polygon: &[Place]) -> (Place, Area) {
    let centre = middle(polygon);
    let (mut width, mut height) = (0f64, 0f64);
    for corner in polygon {
        let equator = if centre.latitude.abs() < corner.latitude.abs() { centre.latitude } else { corner.latitude };
        let level = |longitude| Place { longitude, latitude: equator };
        width = width.max(2.0 * distance(level(centre.longitude), level(corner.longitude)));
        height = height.max(2.0 * latitude_distance(centre.latitude, corner.latitude));
    }
    (centre, Area::Rectangle { width, height })
}

/// Whether a place is in a polygon: a line to the east crosses its sides an odd number of times.
pub fn is_within(polygon: &[Place], place: Place) -> bool {
    let sides = polygon.iter().zip(polygon.iter().cycle().skip(polygon.len() - 1));
    let crosses = |(a, b): &(&Place, &Place)| {
        let slope = (b.longitude - a.longitude) / (b.latitude - a.latitude);
        (a.latitude > place.latitude) != (b.latitude > place.latitude)
            && place.longitude < slope * (place.latitude - a.latitude) + a.longitude
    };
    sides.filter(crosses).count() % 2 == 1
}

/// Spreads the bits of a number over the even bits of another.
fn spread(x: u32) -> u64 {
    let mut x = x as u64;
    x = (x | x << 16) & 0x0000_FFFF_0000_FFFF;
    x = (x | x << 8) & 0x00FF_00FF_00FF_00FF;
    x = (x | x << 4) & 0x0F0F_0F0F_0F0F_0F0F;
    x = (x | x << 2) & 0x3333_3333_3333_3333;
    (x | x << 1) & 0x5555_5555_5555_5555
}

/// The even bits of a number.
fn gather(x: u64) -> u32 {
    let mut x = x & 0x5555_5555_5555_5555;
    x = (x | x >> 1) & 0x3333_3333_3333_3333;
    x = (x | x >> 2) & 0x0F0F_0F0F_0F0F_0F0F;
    x = (x | x >> 4) & 0x00FF_00FF_00FF_00FF;
    x = (x | x >> 8) & 0x0000_FFFF_0000_FFFF;
    (x | x >> 16) as u32
}

/// A box: one of 2^steps in each direction. At the upper limits there is one more.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Box {
    x: u32,
    y: u32,
    steps: u32,
}

impl Box {
    fn of(place: Place, steps: u32, latitude: f64) -> Box {
        let cell = |x: f64, limit: f64| ((x + limit) / (limit + limit) * (1u64 << steps) as f64) as u32;
        Box { x: cell(place.longitude, LONGITUDE), y: cell(place.latitude, latitude), steps }
    }

    fn of_bits(bits: u64) -> Box {
        Box { x: gather(bits >> 1), y: gather(bits), steps: STEPS }
    }

    fn bits(self) -> u64 {
        spread(self.y) | spread(self.x) << 1
    }

    /// From where to where it goes: (west, east), (south, north).
    fn borders(self) -> ((f64, f64), (f64, f64)) {
        let size = (1u64 << self.steps) as f64;
        let border = |cell: f64, limit: f64| -limit + cell / size * (limit + limit);
        let borders = |cell: u32, limit| (border(cell as f64, limit), border(cell as f64 + 1.0, limit));
        (borders(self.x, LONGITUDE), borders(self.y, LATITUDE))
    }

    fn middle(self) -> Place {
        let ((west, east), (south, north)) = self.borders();
        Place {
            longitude: ((west + east) / 2.0).clamp(-LONGITUDE, LONGITUDE),
            latitude: ((south + north) / 2.0).clamp(-LATITUDE, LATITUDE),
        }
    }

    /// The box so many boxes further, around the earth where it ends.
    fn moved(self, dx: i32, dy: i32) -> Box {
        let mask = ((1u64 << self.steps) - 1) as u32;
        let moved = |cell: u32, by: i32| if by == 0 { cell } else { cell.wrapping_add_signed(by) & mask };
        Box { x: moved(self.x, dx), y: moved(self.y, dy), steps: self.steps }
    }

    /// The scores of the members in it: from, and up to but without.
    fn scores(self) -> (f64, f64) {
        let shift = 52 - 2 * self.steps;
        let bits = self.bits();
        ((bits << shift) as f64, ((bits + 1) << shift) as f64)
    }
}

/// An area around a centre; sizes in metres.
#[derive(Clone, Copy, Debug)]
pub enum Area {
    Circle { radius: f64 },
    Rectangle { width: f64, height: f64 },
}

impl Area {
    /// The distance of a place from the centre, if it is in the area.
    pub fn measure(self, centre: Place, place: Place) -> Option<f64> {
        let out = match self {
            Area::Circle { .. } => false,
            Area::Rectangle { width, height } => {
                latitude_distance(place.latitude, centre.latitude) > height / 2.0
                    || distance(place, Place { latitude: place.latitude, ..centre }) > width / 2.0
            }
        };
        if out {
            return None;
        }
        let found = distance(centre, place);
        let out = matches!(self, Area::Circle { radius } if found > radius);
        (!out).then_some(found)
    }

    /// The scores between which all members in the area are, box by box in the order in which they are to be walked.
    pub fn scores(self, centre: Place) -> Vec<(f64, f64)> {
        let (width, height, radius) = match self {
            Area::Circle { radius } => (radius, radius, radius),
            Area::Rectangle { width, height } => {
                (width / 2.0, height / 2.0, (width / 2.0 * (width / 2.0) + height / 2.0 * (height / 2.0)).sqrt())
            }
        };
        let Place { longitude, latitude } = centre;
        // The borders of the area; a degree of longitude is shortest at the side towards the pole.
        let up = height / EARTH_RADIUS / DEGREE;
        let pole = if latitude < 0.0 { latitude - up } else { latitude + up };
        let aside = width / EARTH_RADIUS / cos(pole * DEGREE) / DEGREE;
        let (west, east, south, north) = (longitude - aside, longitude + aside, latitude - up, latitude + up);

        let mut boxes = Nine::around(centre, estimate_steps(radius, latitude));
        let reach = |dx, dy| boxes.centre.moved(dx, dy).borders();
        let too_small =
            reach(0, 1).1.1 < north || reach(0, -1).1.0 > south || reach(1, 0).0.1 < east || reach(-1, 0).0.0 > west;
        if too_small && boxes.centre.steps > 1 {
            boxes = Nine::around(centre, boxes.centre.steps - 1);
        }
        if boxes.centre.steps >= 2 {
            let (x, y) = boxes.centre.borders();
            boxes.without |= if y.0 < south { Nine::SOUTH } else { 0 };
            boxes.without |= if y.1 > north { Nine::NORTH } else { 0 };
            boxes.without |= if x.0 < west { Nine::WEST } else { 0 };
            boxes.without |= if x.1 > east { Nine::EAST } else { 0 };
        }
        boxes.scores()
    }
}

/// The box of the centre and its neighbours, without those that are out of reach.
struct Nine {
    centre: Box,
    without: u32,
}

impl Nine {
    /// In the order in which they are walked.
    const MOVES: [(i32, i32); 9] = [(0, 0), (0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)];
    /// Those to the north, as bits of the places in `MOVES`.
    const NORTH: u32 = 1 << 1 | 1 << 5 | 1 << 6;
    const SOUTH: u32 = 1 << 2 | 1 << 7 | 1 << 8;
    const EAST: u32 = 1 << 3 | 1 << 5 | 1 << 7;
    const WEST: u32 = 1 << 4 | 1 << 6 | 1 << 8;

    fn around(centre: Place, steps: u32) -> Nine {
        Nine { centre: Box::of(centre, steps, LATITUDE), without: 0 }
    }

    fn scores(&self) -> Vec<(f64, f64)> {
        let mut last: Option<Box> = None;
        let mut found = Vec::new();
        for (i, &(dx, dy)) in Nine::MOVES.iter().enumerate() {
            let next = self.centre.moved(dx, dy);
            // Where boxes are huge, neighbours are the same one.
            if self.without >> i & 1 == 1 || last == Some(next) {
                continue;
            }
            found.push(next.scores());
            last = (i > 0).then_some(next);
        }
        found
    }
}

/// How many bits a coordinate has in boxes of about this size at this latitude.
fn estimate_steps(radius: f64, latitude: f64) -> u32 {
    if radius == 0.0 {
        return STEPS;
    }
    let (mut range, mut steps) = (radius, 1i32);
    while range < MERCATOR_MAX {
        range *= 2.0;
        steps += 1;
    }
    // So that a box of the size that was found is larger than the radius; near the poles boxes are narrower.
    steps -= 2 + (latitude.abs() > 66.0) as i32 + (latitude.abs() > 80.0) as i32;
    steps.clamp(1, STEPS as i32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::dict::hashing::Rng;

    fn random(rng: &mut Rng, latitude: f64) -> Place {
        let mut part = |limit: f64| (rng.next() >> 11) as f64 / (1u64 << 52) as f64 * limit - limit;
        Place::new(part(LONGITUDE), part(latitude)).unwrap()
    }

    #[test]
    fn a_score_leads_back_to_its_place() {
        let mut rng = Rng::new(1);
        for _ in 0..20_000 {
            let place = random(&mut rng, LATITUDE);
            let back = Place::of_score(place.score());
            assert!((back.longitude - place.longitude).abs() < 3e-6 && (back.latitude - place.latitude).abs() < 2e-6);
            assert_eq!(back.score(), place.score());
        }
        let palermo = Place::new(13.361389, 38.115556).unwrap();
        assert_eq!(palermo.score(), 3_479_099_956_230_698.0);
        assert_eq!(Place::of_score(palermo.score()).text(), *b"sqc8b49rny0");
        assert!(
            Place::new(180.1, 0.0).is_none() && Place::new(0.0, 85.06).is_none() && Place::new(f64::NAN, 0.0).is_none()
        );
    }

    #[test]
    fn scores_that_are_no_places_are_converted_as_redis_does() {
        for (score, expected) in [
            (-1.0, u64::MAX),
            (2.7, 2),
            (1e300, 0),
            (f64::INFINITY, 0),
            (f64::NEG_INFINITY, 1 << 63),
            (9_223_372_036_854_775_808.0, 1 << 63),
            (18_446_744_073_709_551_616.0, 0),
        ] {
            assert_eq!(bits(score), expected, "{score}");
        }
    }

    /// The boxes of an area must hold everything that is in it, but near the poles and across the date line, where Redis too
    /// loses something.
    #[test]
    fn boxes_cover_what_a_search_of_everything_finds() {
        let mut rng = Rng::new(2);
        for round in 0..300 {
            let centre = random(&mut rng, 60.0);
            let size = 10f64.powi(rng.below(6) as i32 + 1) * (1.0 + rng.below(80) as f64 / 10.0);
            if size > 1_000_000.0 || centre.longitude.abs() > 150.0 {
                continue;
            }
            let area = match round % 2 {
                0 => Area::Circle { radius: size },
                _ => Area::Rectangle { width: size, height: size * (1 + rng.below(5)) as f64 / 3.0 },
            };
            let ranges = area.scores(centre);
            let mut inside = 0;
            for _ in 0..2000 {
                let spread = size / 100_000.0 * 2.0;
                let off = |rng: &mut Rng| (rng.below(2_000_001) as f64 / 1_000_000.0 - 1.0) * spread;
                let Some(place) = Place::new(centre.longitude + off(&mut rng), centre.latitude + off(&mut rng)) else {
                    continue;
                };
                let score = place.score();
                if area.measure(centre, Place::of_score(score)).is_some() {
                    inside += 1;
                    let held = ranges.iter().filter(|(from, to)| (*from..*to).contains(&score)).count();
                    assert_eq!(held, 1, "{centre:?} {area:?} {place:?}");
                }
            }
            assert!(inside > 0);
        }
    }
}
