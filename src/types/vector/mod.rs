//! The value of a vector set: elements with a vector each, and perhaps attributes, that are searched by how near their vectors are.
//!
//! | file | |
//! |---|---|
//! | `space.rs` | vectors as they are kept, and distances |
//! | `graph.rs` | who is near whom |
//! | `heap.rs` | nodes by distance |
//! | `filter.rs` | expressions about attributes |
//! | `parts.rs` | into a dump, and out of one |
//!
//! An element is a node of the graph: its name and attributes lie beside it, under the same number. Names are found through a table of
//! these numbers with open addresses, 8 bytes an element; it doubles in one go. An element of 384 dimensions takes about 600 bytes as `Q8`.
//!
//! Adding, finding neighbours and removing are O(log n) in practice; by name O(1). There is no order: a range of names looks at all.

pub mod filter;
mod graph;
mod heap;
mod parts;
mod space;
#[cfg(test)]
mod tests;

use super::Stored;
use super::dict::hashing::{Rng, Seed, same};
use super::small::Small;
use graph::{Graph, Query, Wanted};
pub use graph::{HIGHEST, Near};
pub use parts::{Part, Parts};
pub use space::{Form, Kept, NOWHERE};

/// Nothing stands at this place of the table.
const FREE: u32 = u32::MAX;

#[derive(Clone)]
struct Element {
    name: Small,
    attributes: Option<Box<[u8]>>,
}

#[derive(Clone)]
pub struct VectorSet {
    graph: Graph,
    elements: Vec<Element>,
    /// Numbers of elements by the hashes of their names; a power of two, or empty.
    table: Vec<u32>,
    seed: Seed,
    /// What vectors are multiplied with before all: rows as long as vectors that come, as many as there are dimensions.
    projection: Vec<f32>,
    /// How many were inserted: the number of the last.
    inserted: u64,
    attributes: usize,
    /// Told by VINFO: which set of this server it is.
    pub uid: u64,
}

/// What a search wants.
pub struct Search<'a> {
    pub count: usize,
    /// How many candidates are looked at; at least `count`.
    pub ef: usize,
    /// All are looked at.
    pub exact: bool,
    /// What attributes must be, and how many may be looked at.
    pub filter: Option<(&'a filter::Filter, usize)>,
}

impl VectorSet {
    /// Vectors have no more.
    pub const MOST_DIMENSIONS: u64 = 1 << 16;

    /// An empty set of vectors with so many dimensions; `input` are those of what comes, if it is projected.
    pub fn new(seed: Seed, form: Form, dim: usize, m: usize, input: Option<usize>) -> VectorSet {
        let projection = input.map_or(Vec::new(), |input| projection(dim, input));
        VectorSet {
            graph: Graph::new(form, dim, m),
            elements: Vec::new(),
            table: Vec::new(),
            seed,
            projection,
            inserted: 0,
            attributes: 0,
            uid: 0,
        }
    }

    pub fn len(&self) -> usize {
        self.elements.len()
    }

    pub fn is_empty(&self) -> bool {
        self.elements.is_empty()
    }

    pub fn dim(&self) -> usize {
        self.graph.dim
    }

    pub fn form(&self) -> Form {
        self.graph.form
    }

    /// Links of an element on an upper level.
    pub fn m(&self) -> usize {
        self.graph.m
    }

    /// Dimensions of what comes, if it is projected; else 0.
    pub fn input(&self) -> usize {
        self.projection.len() / self.graph.dim
    }

    pub fn top(&self) -> u32 {
        self.graph.top()
    }

    /// How many were inserted: the number of the last.
    pub fn inserted(&self) -> u64 {
        self.inserted
    }

    /// How many have attributes.
    pub fn with_attributes(&self) -> usize {
        self.attributes
    }

    /// Bytes that one more element may take, and the search for its neighbours.
    pub fn bytes_for_one(&self, ef: usize) -> usize {
        self.graph.bytes_for_one(ef) + self.elements.len() * 2 * size_of::<Element>() + self.table.len() * 12
    }

    fn hash(&self, name: &[u8]) -> usize {
        self.seed.hash(name) as usize
    }

    /// Where in the table a name stands, or would.
    fn place(&self, name: &[u8]) -> usize {
        let mask = self.table.len() - 1;
        let mut at = self.hash(name) & mask;
        while self.table[at] != FREE && !same(&self.elements[self.table[at] as usize].name, name) {
            at = (at + 1) & mask;
        }
        at
    }

    /// The number of an element. It changes when another one goes.
    pub fn find(&self, name: &[u8]) -> Option<u32> {
        if self.table.is_empty() {
            return None;
        }
        Some(self.table[self.place(name)]).filter(|node| *node != FREE)
    }

    pub fn name(&self, node: u32) -> &[u8] {
        &self.elements[node as usize].name
    }

    pub fn attributes(&self, node: u32) -> Option<&[u8]> {
        self.elements[node as usize].attributes.as_deref()
    }

    /// Gives an element these attributes, or none. Those that are empty are some, until the set is dumped.
    pub fn set_attributes(&mut self, node: u32, attributes: Option<&[u8]>) {
        let old = &mut self.elements[node as usize].attributes;
        self.attributes -= old.is_some() as usize;
        *old = attributes.map(Box::from);
        self.attributes += old.is_some() as usize;
    }

    /// A vector that came, as it is compared and kept: projected where it must be. It must have as many dimensions as the set, or
    /// as those that are projected.
    pub fn keep(&self, vector: &mut Vec<f32>, project: bool) -> Kept {
        if project && !self.projection.is_empty() {
            let rows = self.projection.chunks(vector.len());
            *vector = rows.map(|row| row.iter().zip(&*vector).fold(0.0, |sum, (x, y)| sum + x * y)).collect();
        }
        Kept::new(self.form(), vector)
    }

    /// Adds an element, or gives one another vector; whether it is new. `ef` is how many candidates for neighbours are looked at.
    pub fn add(&mut self, name: &[u8], kept: &Kept, ef: usize) -> bool {
        let old = self.find(name).map(|node| self.take(node));
        let is_new = old.is_none();
        self.inserted = self.inserted.saturating_add(1);
        let level = self.graph.level_of(self.inserted);
        self.graph.insert(kept, level, ef);
        self.push(old.unwrap_or_else(|| Element { name: Small::new(name), attributes: None }));
        is_new
    }

    /// Puts an element behind the others, as the graph has done.
    fn push(&mut self, element: Element) {
        self.attributes += element.attributes.is_some() as usize;
        let node = self.elements.len() as u32;
        self.elements.push(element);
        if self.elements.len() * 3 > self.table.len() * 2 {
            self.table = vec![FREE; (self.table.len() * 2).max(8)];
            for node in 0..=node {
                self.note(node);
            }
        } else {
            self.note(node);
        }
    }

    fn note(&mut self, node: u32) {
        let place = self.place(self.name(node));
        self.table[place] = node;
    }

    /// Removes an element; the last one takes its number.
    fn take(&mut self, node: u32) -> Element {
        let mask = self.table.len() - 1;
        let last = self.elements.len() as u32 - 1;
        let (mut hole, moved) = (self.place(self.name(node)), self.place(self.name(last)));
        self.table[moved] = node;
        // Those behind it move up, so that no search for them ends here.
        let mut at = hole;
        loop {
            at = (at + 1) & mask;
            if self.table[at] == FREE {
                break;
            }
            let name = if at == moved { last } else { self.table[at] };
            let home = self.hash(self.name(name)) & mask;
            if (at.wrapping_sub(home) & mask) >= (at.wrapping_sub(hole) & mask) {
                self.table[hole] = self.table[at];
                hole = at;
            }
        }
        self.table[hole] = FREE;
        self.graph.swap_remove(node);
        let element = self.elements.swap_remove(node as usize);
        self.attributes -= element.attributes.is_some() as usize;
        element
    }

    /// Removes an element.
    pub fn remove(&mut self, node: u32) {
        self.take(node);
    }

    /// The vector of an element as it came, but for what was rounded; of bits only the signs are left.
    pub fn vector(&self, node: u32) -> Vec<f32> {
        let (query, norm) = (self.graph.query(node), self.graph.norm(node));
        space::floats(self.form(), self.dim(), query.words, query.range, norm)
    }

    /// How long the vector of an element was.
    pub fn norm(&self, node: u32) -> f32 {
        self.graph.norm(node)
    }

    /// The bytes of an element's vector, and its largest element.
    pub fn raw(&self, node: u32) -> (Vec<u8>, f32) {
        let query = self.graph.query(node);
        let mut bytes: Vec<u8> = query.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        bytes.truncate(self.form().bytes(self.dim()));
        (bytes, query.range)
    }

    /// The neighbours of an element at each level, from the highest on.
    pub fn levels(&self, node: u32) -> impl ExactSizeIterator<Item = &[u32]> {
        let level = self.graph.level(node);
        (0..level + 1).map(move |at| self.graph.links(node, level - at))
    }

    /// How far apart two elements are.
    pub fn between(&self, a: u32, b: u32) -> f32 {
        self.graph.between(a, b)
    }

    /// The elements that are nearest to a vector, the nearest first.
    pub fn search(&self, kept: &Kept, search: &Search<'_>) -> Near {
        let query = Query { words: &kept.words, range: kept.range };
        let passes = |filter: &filter::Filter, node: u32| {
            self.attributes(node).is_some_and(|attributes| filter.passes(attributes))
        };
        let mut near = match search.filter {
            None if search.exact => self.graph.scan(query, search.count, &mut |_| true),
            Some((filter, _)) if search.exact => self.graph.scan(query, search.count, &mut |node| passes(filter, node)),
            None => self.graph.search(query, search.ef, None),
            Some((filter, tries)) => {
                let test = &mut |node| passes(filter, node);
                self.graph.search(query, search.ef, Some(&mut Wanted { test, tries }))
            }
        };
        near.truncate(search.count);
        near
    }

    /// The number of an element, each as likely as any other.
    pub fn random(&self, rng: &mut Rng) -> u32 {
        rng.below(self.elements.len() as u64) as u32
    }

    /// A number that equal sets share.
    pub fn digest(&self, seed: &Seed) -> u64 {
        let mut sum = self.input() as u64 ^ (self.m() as u64) << 32;
        for node in 0..self.elements.len() as u32 {
            let (bytes, range) = self.raw(node);
            let numbers = (range.to_bits() as u64) << 32 | self.graph.norm(node).to_bits() as u64;
            let parts = [self.name(node), &bytes, self.attributes(node).unwrap_or_default()];
            let part = parts.iter().fold(numbers, |part, bytes| part.rotate_left(9) ^ seed.hash(bytes));
            sum = sum.wrapping_add(seed.hash(&part.to_le_bytes()));
        }
        sum
    }
}

/// Signs of a Hadamard matrix, scaled: as in Redis, so that reduced vectors are the same.
fn projection(dim: usize, input: usize) -> Vec<f32> {
    let scale = 1.0 / (input as f32).sqrt();
    let sign = |row: usize, column: usize| if (row & column).count_ones().is_multiple_of(2) { scale } else { -scale };
    (0..dim * input).map(|at| sign(at / input, at % input)).collect()
}

impl Stored for VectorSet {
    const TYPE: &'static str = "vectorset";

    fn encoding(&self) -> &'static str {
        "raw"
    }

    fn heap_bytes(&self) -> usize {
        let elements = self.elements.capacity() * size_of::<Element>();
        self.graph.heap_bytes() + elements + self.table.len() * 4 + self.projection.len() * 4 + size_of::<VectorSet>()
    }

    fn elements(&self) -> usize {
        self.elements.len()
    }

    fn shed(&mut self, about: usize) -> bool {
        self.elements.truncate(self.elements.len().saturating_sub(about));
        self.graph.shed(about) || !self.elements.is_empty()
    }

    fn is_spent(&self) -> bool {
        self.elements.is_empty()
    }
}
