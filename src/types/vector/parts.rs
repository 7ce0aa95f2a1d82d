//! A set in pieces, as a dump has them: what stands for all, and each element with its links.
//!
//! Elements are told in the order of their numbers from the last on, under numbers of insertion that are read in the same order, so that
//! a set that is read has the same numbers, links and answers as the one that was written.

use super::{Element, Form, Kept, VectorSet};
use crate::types::dict::hashing::Seed;
use crate::types::pairs::{self, Pair};
use crate::types::small::Small;

/// What a set is, beside its elements.
pub struct Parts {
    pub form: Form,
    pub dim: usize,
    pub m: usize,
    /// Empty where vectors are taken as they come.
    pub projection: Vec<f32>,
}

/// One element on its way.
#[derive(Default)]
pub struct Part {
    pub name: Small,
    pub attributes: Option<Box<[u8]>>,
    pub kept: Kept,
    /// The number of its insertion.
    pub id: u64,
    /// The numbers of its neighbours, level by level from 0 on.
    pub links: Vec<Vec<u64>>,
}

impl Part {
    /// An element without links; none where its vector is of another length.
    pub fn new(parts: &Parts, name: &[u8], attributes: &[u8], vector: &[u8]) -> Option<Part> {
        if vector.len() != parts.form.bytes(parts.dim) {
            return None;
        }
        let mut words = vec![0; parts.form.words(parts.dim)];
        for (at, byte) in vector.iter().enumerate() {
            words[at / 4] |= (*byte as u32) << (at % 4 * 8);
        }
        Some(Part {
            name: Small::new(name),
            attributes: Some(attributes).filter(|text| !text.is_empty()).map(Box::from),
            kept: Kept { words, norm: 0.0, range: 0.0 },
            id: 0,
            links: Vec::new(),
        })
    }
}

impl VectorSet {
    pub fn projection(&self) -> &[f32] {
        &self.projection
    }

    /// The number that an element is told under.
    pub fn id(&self, node: u32) -> u64 {
        let next = node as u64 + 1;
        if next == self.elements.len() as u64 { self.inserted } else { next }
    }

    /// Neighbours at a level, with the place among them of the farthest, and how far that is.
    pub fn links(&self, node: u32, level: u32) -> (&[u32], usize, f32) {
        let (links, mut place, mut farthest) = (self.graph.links(node, level), 0, 0.0);
        for (at, &link) in links.iter().enumerate() {
            let distance = self.between(node, link);
            if distance > farthest {
                (place, farthest) = (at, distance);
            }
        }
        (links, place, farthest)
    }

    pub fn level(&self, node: u32) -> u32 {
        self.graph.level(node)
    }

    /// How many links an element has room for at a level.
    pub fn room(&self, level: u32) -> usize {
        self.graph.room(level)
    }

    /// How long a vector was, and its largest element once scaled.
    pub fn norm_and_range(&self, node: u32) -> (f32, f32) {
        (self.norm(node), self.graph.query(node).range)
    }

    /// A set of these; none where an element or a number comes twice.
    pub fn from_parts(seed: Seed, parts: Parts, mut elements: Vec<Part>) -> Option<VectorSet> {
        let mut set = VectorSet::new(seed, parts.form, parts.dim, parts.m, None);
        set.projection = parts.projection;
        let mut order: Vec<Pair> = elements.iter().map(|element| element.id).zip(0..).collect();
        pairs::sort(&mut order, &Pair::cmp);
        if order.windows(2).any(|two| two[0].0 == two[1].0) {
            return None;
        }
        set.inserted = order.last().map_or(0, |last| last.0.max(order.len() as u64));
        let mut links = Vec::with_capacity(elements.len());
        for &(_, at) in &order {
            let element = std::mem::take(&mut elements[at as usize]);
            if set.find(&element.name).is_some() || element.links.is_empty() {
                return None;
            }
            let level = element.links.len() as u32 - 1;
            set.graph.push(&element.kept, level);
            set.push(Element { name: element.name, attributes: element.attributes });
            links.push(element.links);
        }
        let place = |id: &u64| order.binary_search_by(|one| one.0.cmp(id)).map_or(u32::MAX, |at| at as u32);
        for (node, levels) in links.iter().enumerate() {
            for (level, links) in levels.iter().enumerate() {
                let links: Vec<u32> = links.iter().map(place).collect();
                set.graph.set_links(node as u32, level as u32, &links);
            }
        }
        set.graph.heal();
        Some(set)
    }
}
