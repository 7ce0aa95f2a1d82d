//! Vector sets: values of a module, in which each number and string says what it is.
//!
//! ```text
//! 64 bits that stand for the name "vectorset" and version 0
//! dimensions | elements | form + M << 8 | 1 with a projection + 2 with attributes | [dimensions of what comes | matrix of floats]
//! name | [attributes] | vector | how many numbers follow:
//!   number of insertion | level + 1 << 24
//!   for each level from 0 on: links | room for links | the numbers of neighbours | distance of the farthest << 32 + its place
//!   largest element << 32 + length                                   floats
//! ... | 0
//! ```
//!
//! Neighbours are read as they are, so that a set answers as it did where it came from; a link that goes one way only is left out.

use super::module::{self, number};
use super::{Fault, Limits, Packer, Read};
use crate::rdb::read::{Reader, room};
use crate::types::vector::{Form, HIGHEST, Part, Parts, VectorSet};

const ID: u64 = module::id(b"vectorset", 0);

const PROJECTED: u64 = 1;
const ATTRIBUTES: u64 = 2;
/// Stands beside the level.
const VERSION: u64 = 1 << 24;

const BAD: Fault = Fault::Bad("a vector set that is none");

fn string(out: &mut Packer, bytes: &[u8]) {
    module::begin_string(out);
    out.string(bytes);
}

pub fn write(out: &mut Packer, set: &VectorSet) {
    let (has_projection, has_attributes) = (set.input() > 0, set.with_attributes() > 0);
    out.length(ID);
    number(out, set.dim() as u64);
    number(out, set.len() as u64);
    number(out, set.form() as u64 | (set.m() as u64) << 8);
    number(out, has_projection as u64 * PROJECTED + has_attributes as u64 * ATTRIBUTES);
    if has_projection {
        number(out, set.input() as u64);
        let mut matrix = Packer::default();
        matrix.expect(set.projection().len() * 4);
        set.projection().iter().for_each(|x| matrix.raw(&x.to_le_bytes()));
        out.failed |= matrix.failed;
        string(out, &matrix.bytes);
    }
    for node in (0..set.len() as u32).rev() {
        string(out, set.name(node));
        if has_attributes {
            string(out, set.attributes(node).unwrap_or_default());
        }
        string(out, &set.raw(node).0);
        number(out, 3 + set.levels(node).map(|links| 3 + links.len() as u64).sum::<u64>());
        number(out, set.id(node));
        number(out, set.level(node) as u64 | VERSION);
        for level in 0..=set.level(node) {
            let (links, place, farthest) = set.links(node, level);
            number(out, links.len() as u64);
            number(out, set.room(level) as u64);
            links.iter().for_each(|&link| number(out, set.id(link)));
            number(out, (farthest.to_bits() as u64) << 32 | place as u64);
        }
        let (norm, range) = set.norm_and_range(node);
        number(out, (range.to_bits() as u64) << 32 | norm.to_bits() as u64);
    }
    module::end(out);
}

fn read_number(reader: &mut Reader<'_>) -> Read<u64> {
    module::read_number(reader, BAD)
}

fn begin_string(reader: &mut Reader<'_>) -> Read<()> {
    module::expect_string(reader, BAD)
}

/// Reads the value of a module, of which the number that names it is read.
pub fn read(reader: &mut Reader<'_>, id: u64, limits: &Limits) -> Read<VectorSet> {
    if id != ID {
        return Err(module::UNKNOWN);
    }
    let (dim, elements) = (read_number(reader)?, read_number(reader)?);
    let (settings, flags) = (read_number(reader)?, read_number(reader)?);
    let (form, m) = (Form::of(settings & 0xff).ok_or(BAD)?, settings >> 8);
    if !(1..=VectorSet::MOST_DIMENSIONS).contains(&dim) || !(4..=4096).contains(&m) || flags > 3 {
        return Err(BAD);
    }
    let mut parts = Parts { form, dim: dim as usize, m: m as usize, projection: Vec::new() };
    if flags & PROJECTED != 0 {
        let input = read_number(reader)?;
        begin_string(reader)?;
        let matrix = reader.string()?;
        if !(dim..=VectorSet::MOST_DIMENSIONS).contains(&input) || matrix.len() as u64 != input * dim * 4 {
            return Err(BAD);
        }
        room(matrix.len())?;
        parts.projection = matrix.chunks(4).map(|x| f32::from_le_bytes([x[0], x[1], x[2], x[3]])).collect();
    }
    let mut all: Vec<Part> = Vec::new();
    // What they take once they are put together.
    let mut whole = 0usize;
    for _ in 0..elements {
        room(form.bytes(parts.dim) * 2 + parts.m * 24 + size_of::<Part>() * (all.len() + 1))?;
        begin_string(reader)?;
        let name = reader.text()?;
        let mut attributes = None;
        if flags & ATTRIBUTES != 0 {
            begin_string(reader)?;
            attributes = Some(reader.text()?);
        }
        begin_string(reader)?;
        let vector = reader.string()?;
        let mut part = Part::new(&parts, &name, attributes.as_deref().unwrap_or_default(), vector).ok_or(BAD)?;
        let mut left = read_number(reader)?;
        let mut next = |reader: &mut Reader<'_>| {
            left = left.checked_sub(1).ok_or(BAD)?;
            read_number(reader)
        };
        part.id = next(reader)?;
        let level = next(reader)? & 0xff;
        if level > HIGHEST as u64 {
            return Err(BAD);
        }
        whole = whole.saturating_add(form.bytes(parts.dim) + parts.m * (12 + 4 * level as usize) + 256);
        for level in 0..=level {
            let links = next(reader)?;
            next(reader)?;
            if links > 2 * m {
                return Err(BAD);
            }
            room(links as usize * size_of::<u64>())?;
            part.links.push(Vec::with_capacity(links as usize));
            for _ in 0..links {
                let link = next(reader)?;
                part.links[level as usize].push(link);
            }
            next(reader)?;
        }
        let numbers = next(reader)?;
        (part.kept.norm, part.kept.range) = (f32::from_bits(numbers as u32), f32::from_bits((numbers >> 32) as u32));
        all.push(part);
    }
    module::expect_end(reader, BAD)?;
    room(whole)?;
    VectorSet::from_parts(limits.seed, parts, all).ok_or(BAD)
}
