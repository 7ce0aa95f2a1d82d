//! A hierarchical navigable small world (Malkov and Yashunin, 2016): who is near a vector is found by going from neighbour to nearer
//! neighbour, first among few nodes far apart (the upper levels), then among all (level 0).
//!
//! ```text
//! record of a node, in words   norm | range | links at level 0 | upper | 2M places for links | vector
//! upper (one node in M)        node | level | (links | M places) for each level from 1
//! ```
//!
//! - Nodes are numbered 0 to len - 1, without gaps: the last one takes the place of one that goes. Records lie in chunks of about
//!   64 KB, so that nothing large is moved.
//! - Links go both ways. So a node that goes is unlinked by a look at its own neighbours, which are then linked among each other.
//! - Neighbours are chosen as in the paper: near ones that are not nearer to one chosen already; then whoever is nearest. A node
//!   that has no place left gives up the farthest of those that are nearer to the new one.
//! - Levels follow from a number that grows with every insertion, not from chance: the same commands make the same graph, also behind
//!   a snapshot, whatever the seed.
//!
//! Left out: threads, and marks on what is deleted.

use super::heap::Heap;
use super::space::{Form, Kept, distance};
use crate::types::pairs::{self, Pair};

/// A node without links in a chunk: what stands before the links.
const HEAD: usize = 4;
const COUNT: usize = 2;
const UPPER: usize = 3;
/// Words of a chunk, about.
const CHUNK: usize = 1 << 14;
/// No node is on a higher level.
pub const HIGHEST: u32 = 15;
/// So many former neighbours of a node that goes are linked anew, at most.
const RELINKED: usize = 64;

#[derive(Clone)]
pub struct Graph {
    pub form: Form,
    pub dim: usize,
    /// Links of a node on an upper level; at level 0 it has twice as many.
    pub m: usize,
    /// Words of a record, and of a vector in it.
    stride: usize,
    words: usize,
    /// Records in a chunk, as a power of two.
    shift: u32,
    chunks: Vec<Vec<u32>>,
    uppers: Vec<Box<[u32]>>,
    len: usize,
    /// The first node on the highest level, and that level.
    entry: u32,
    top: u32,
}

/// A vector that others are compared with.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    pub words: &'a [u32],
    pub range: f32,
}

/// Nodes by their distance, the nearest first.
pub type Near = Vec<(f32, u32)>;

/// Which nodes a search shows, and how many it may try.
pub struct Wanted<'a> {
    pub test: &'a mut dyn FnMut(u32) -> bool,
    pub tries: usize,
}

impl Graph {
    pub fn new(form: Form, dim: usize, m: usize) -> Graph {
        let words = form.words(dim);
        let stride = HEAD + 2 * m + words;
        let shift = (CHUNK / stride).max(1).ilog2();
        Graph { form, dim, m, stride, words, shift, chunks: Vec::new(), uppers: Vec::new(), len: 0, entry: 0, top: 0 }
    }

    /// The highest level with a node.
    pub fn top(&self) -> u32 {
        self.top
    }

    pub fn heap_bytes(&self) -> usize {
        let chunks = self.chunks.iter().map(|chunk| chunk.capacity() * 4 + size_of::<Vec<u32>>()).sum::<usize>();
        chunks + self.uppers.iter().map(|upper| upper.len() * 4 + size_of::<Box<[u32]>>()).sum::<usize>()
    }

    /// Bytes that one more node may take, with what a search for its neighbours needs.
    pub fn bytes_for_one(&self, ef: usize) -> usize {
        let chunk = (self.stride << self.shift) * 4;
        let upper = (2 + HIGHEST as usize * (self.m + 1)) * 4;
        chunk + upper + self.len / 8 + (ef.min(self.len) + self.len.min(ef * 64)) * 32 + self.m * 64
    }

    /// The level that the node with this number of insertion gets: one in M is above 0, one in M of these above 1.
    pub fn level_of(&self, number: u64) -> u32 {
        // The mixing of splitmix64.
        let mut mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ mixed >> 31).trailing_zeros() / self.m.ilog2().clamp(2, 6)).min(HIGHEST)
    }

    #[inline(always)]
    fn record(&self, node: u32) -> &[u32] {
        let (chunk, at) = (node as usize >> self.shift, node as usize & ((1 << self.shift) - 1));
        &self.chunks[chunk][at * self.stride..][..self.stride]
    }

    #[inline(always)]
    fn record_mut(&mut self, node: u32) -> &mut [u32] {
        let (chunk, at) = (node as usize >> self.shift, node as usize & ((1 << self.shift) - 1));
        &mut self.chunks[chunk][at * self.stride..][..self.stride]
    }

    /// The vector of a node.
    #[inline(always)]
    pub fn query(&self, node: u32) -> Query<'_> {
        let record = self.record(node);
        Query { words: &record[self.stride - self.words..], range: f32::from_bits(record[1]) }
    }

    /// How long the vector of a node was before it was scaled.
    pub fn norm(&self, node: u32) -> f32 {
        f32::from_bits(self.record(node)[0])
    }

    /// How far a node is.
    #[inline(never)]
    pub fn distance(&self, query: Query<'_>, node: u32) -> f32 {
        let to = self.query(node);
        distance(self.form, self.dim, query.words, to.words, (query.range, to.range))
    }

    /// How far apart two nodes are.
    #[inline(never)]
    pub fn between(&self, a: u32, b: u32) -> f32 {
        self.distance(self.query(a), b)
    }

    /// The highest level that a node is on.
    pub fn level(&self, node: u32) -> u32 {
        match self.record(node)[UPPER] {
            0 => 0,
            upper => self.uppers[upper as usize - 1][1],
        }
    }

    /// How many links a node has room for at a level.
    pub fn room(&self, level: u32) -> usize {
        if level == 0 { 2 * self.m } else { self.m }
    }

    /// The neighbours of a node at a level that it is on.
    #[inline(always)]
    pub fn links(&self, node: u32, level: u32) -> &[u32] {
        let record = self.record(node);
        if level == 0 {
            return &record[HEAD..][..record[COUNT] as usize];
        }
        let upper = &self.uppers[record[UPPER] as usize - 1];
        let at = 2 + (level as usize - 1) * (self.m + 1);
        &upper[at + 1..][..upper[at] as usize]
    }

    /// The number of links, and all the places for them.
    fn places(&mut self, node: u32, level: u32) -> (&mut u32, &mut [u32]) {
        if level == 0 {
            let places = 2 * self.m;
            let (head, rest) = self.record_mut(node).split_at_mut(HEAD);
            return (&mut head[COUNT], &mut rest[..places]);
        }
        let (upper, m) = (self.record(node)[UPPER] as usize - 1, self.m);
        let (count, places) = self.uppers[upper][2 + (level as usize - 1) * (m + 1)..][..m + 1].split_at_mut(1);
        (&mut count[0], places)
    }

    fn add_link(&mut self, node: u32, level: u32, to: u32) {
        let (count, places) = self.places(node, level);
        places[*count as usize] = to;
        *count += 1;
    }

    fn drop_link(&mut self, node: u32, level: u32, to: u32) {
        let (count, places) = self.places(node, level);
        if let Some(at) = places[..*count as usize].iter().position(|link| *link == to) {
            *count -= 1;
            places[at] = places[*count as usize];
        }
    }

    fn link(&mut self, a: u32, b: u32, level: u32) {
        self.add_link(a, level, b);
        self.add_link(b, level, a);
    }

    fn unlink(&mut self, a: u32, b: u32, level: u32) {
        self.drop_link(a, level, b);
        self.drop_link(b, level, a);
    }

    /// Puts a node behind the others, without links.
    pub fn push(&mut self, kept: &Kept, level: u32) -> u32 {
        let node = self.len as u32;
        let full = self.stride << self.shift;
        if self.chunks.last().is_none_or(|chunk| chunk.len() == full) {
            self.chunks.push(Vec::new());
        }
        let first = self.chunks.len() == 1;
        if let Some(chunk) = self.chunks.last_mut() {
            if chunk.len() == chunk.capacity() {
                // The first chunk grows with what is in it, and the others are there whole.
                let more = if first { chunk.len().max(self.stride).min(full - chunk.len()) } else { full };
                chunk.reserve_exact(more);
            }
            let upper = if level > 0 { self.uppers.len() as u32 + 1 } else { 0 };
            chunk.extend([kept.norm.to_bits(), kept.range.to_bits(), 0, upper]);
            chunk.resize(chunk.len() + 2 * self.m, 0);
            chunk.extend_from_slice(&kept.words);
        }
        if level > 0 {
            let mut upper = vec![0; 2 + level as usize * (self.m + 1)].into_boxed_slice();
            (upper[0], upper[1]) = (node, level);
            self.uppers.push(upper);
        }
        self.len += 1;
        if self.len == 1 || level > self.top {
            (self.entry, self.top) = (node, level);
        }
        node
    }

    /// Puts in a node, and links it to others that are near. `ef` is how many candidates are looked at.
    pub fn insert(&mut self, kept: &Kept, level: u32, ef: usize) -> u32 {
        let (entry, top) = (self.entry, self.top);
        let node = self.push(kept, level);
        if node == 0 {
            return node;
        }
        let query = Query { words: &kept.words, range: kept.range };
        let mut near = vec![(self.distance(query, entry), entry)];
        for at in (0..=top).rev() {
            if at > level {
                near = self.layer(query, &near, 1, at, None);
            } else {
                near = self.layer(query, &near, ef, at, None);
                self.connect(node, &near, at);
            }
        }
        node
    }

    /// Links a node to some of these, which are near and in order.
    fn connect(&mut self, node: u32, near: &Near, level: u32) {
        let mut chosen: Near = Vec::with_capacity(self.m.min(near.len()));
        let mut others: Near = Vec::new();
        for &(distance, one) in near {
            if chosen.len() == self.m {
                break;
            }
            if chosen.iter().all(|&(_, other)| self.between(one, other) >= distance) {
                chosen.push((distance, one));
            } else if others.len() < self.m {
                others.push((distance, one));
            }
        }
        let left = self.m - chosen.len();
        chosen.extend(others.into_iter().take(left));
        for &(distance, one) in &chosen {
            if !self.has_place(node, level) || self.links(node, level).contains(&one) {
                continue;
            }
            if self.has_place(one, level) || self.make_place(one, node, distance, level) {
                self.link(node, one, level);
            }
        }
        if !self.links(node, level).is_empty() {
            return;
        }
        // Nobody would have it: it stands between two that were neighbours.
        if let Some(&(_, one)) = near.first()
            && let Some(&other) = self.links(one, level).last()
        {
            self.unlink(one, other, level);
            self.link(node, one, level);
            self.link(node, other, level);
        }
    }

    fn has_place(&self, node: u32, level: u32) -> bool {
        self.links(node, level).len() < self.room(level)
    }

    /// A full node gives up a neighbour for a new one, if that is worth it: the farthest that the new one is nearer to, and these two
    /// become neighbours.
    fn make_place(&mut self, node: u32, new: u32, distance: f32, level: u32) -> bool {
        let (mut covered, mut farthest, mut is_covered) = ((distance, None), (distance, None), false);
        for &link in self.links(node, level) {
            let (to_link, from_new) = (self.between(node, link), self.between(new, link));
            is_covered |= from_new < distance && to_link < distance;
            // Who has few links keeps them.
            if self.links(link, level).len() <= self.m / 2 {
                continue;
            }
            if from_new < to_link && to_link > covered.0 {
                covered = (to_link, Some(link));
            }
            if to_link > farthest.0 {
                farthest = (to_link, Some(link));
            }
        }
        let given_up = covered.1.or(if is_covered { None } else { farthest.1 });
        if let Some(link) = given_up {
            self.unlink(node, link, level);
            if self.links(new, level).len() + 1 < self.room(level) && !self.links(new, level).contains(&link) {
                self.link(new, link, level);
            }
        }
        given_up.is_some()
    }

    /// The nodes at a level that are nearest, about: at most `ef`. It starts at some that are known.
    fn layer(
        &self,
        query: Query<'_>,
        starts: &Near,
        ef: usize,
        level: u32,
        mut wanted: Option<&mut Wanted<'_>>,
    ) -> Near {
        let mut seen = vec![0u64; self.len / 64 + 1];
        let (mut next, mut best) = (Heap::default(), Heap::default());
        let mut show = |best: &mut Heap, distance: f32, node: u32| {
            if let Some(wanted) = &mut wanted {
                if wanted.tries == 0 {
                    return false;
                }
                wanted.tries -= 1;
                if !(wanted.test)(node) {
                    return true;
                }
            }
            if best.0.len() < ef {
                best.push(-distance, node);
            } else if distance < -best.0[0].0 {
                best.replace_top(-distance, node);
            }
            true
        };
        for &(distance, node) in starts {
            seen[node as usize / 64] |= 1 << (node % 64);
            next.push(distance, node);
            show(&mut best, distance, node);
        }
        'search: while let Some((distance, node)) = next.pop() {
            if best.0.len() >= ef && distance > -best.0[0].0 {
                break;
            }
            for &link in self.links(node, level) {
                let (word, bit) = (link as usize / 64, 1 << (link % 64));
                if seen[word] & bit != 0 {
                    continue;
                }
                seen[word] |= bit;
                let distance = self.distance(query, link);
                if best.0.len() < ef || distance < -best.0[0].0 {
                    next.push(distance, link);
                    if !show(&mut best, distance, link) {
                        break 'search;
                    }
                }
            }
        }
        let mut near = vec![(0.0, 0); best.0.len()];
        for place in near.iter_mut().rev() {
            if let Some((distance, node)) = best.pop() {
                *place = (-distance, node);
            }
        }
        near
    }

    /// The nodes that are nearest, about: at most `ef`, and only such as are wanted.
    pub fn search(&self, query: Query<'_>, ef: usize, wanted: Option<&mut Wanted<'_>>) -> Near {
        if self.len == 0 {
            return Vec::new();
        }
        let mut near = vec![(self.distance(query, self.entry), self.entry)];
        for level in (1..=self.top).rev() {
            near = self.layer(query, &near, 1, level, None);
        }
        self.layer(query, &near, ef, 0, wanted)
    }

    /// The nodes that are nearest, by a look at all; of those that are equally far, the ones with the lowest numbers first.
    pub fn scan(&self, query: Query<'_>, count: usize, test: &mut dyn FnMut(u32) -> bool) -> Near {
        let (mut best, mut farthest): (Vec<Pair>, f32) = (Vec::new(), f32::INFINITY);
        // A double from 1 on, and so in order; and back.
        let far = |one: &Pair| (f64::from_bits(one.0) - 2.0) as f32;
        for node in 0..self.len as u32 {
            let distance = self.distance(query, node);
            if distance < farthest && test(node) {
                best.push(((distance as f64 + 2.0).to_bits(), node as u64));
                if best.len() > count.saturating_mul(2) {
                    pairs::sort(&mut best, &Pair::cmp);
                    best.truncate(count);
                    farthest = best.last().map_or(farthest, far);
                }
            }
        }
        pairs::sort(&mut best, &Pair::cmp);
        best.truncate(count);
        best.iter().map(|one| (far(one), one.1 as u32)).collect()
    }

    /// Removes a node; the last one takes its number.
    pub fn swap_remove(&mut self, node: u32) {
        for level in 0..=self.level(node) {
            let links = self.links(node, level).to_vec();
            links.iter().for_each(|&link| self.drop_link(link, level, node));
            self.relink(&links, level);
        }
        let upper = self.record(node)[UPPER];
        if upper > 0 {
            self.uppers.swap_remove(upper as usize - 1);
            if let Some(owner) = self.uppers.get(upper as usize - 1).map(|moved| moved[0]) {
                self.record_mut(owner)[UPPER] = upper;
            }
        }
        let last = self.len as u32 - 1;
        if node != last {
            for level in 0..=self.level(last) {
                for link in self.links(last, level).to_vec() {
                    let (count, places) = self.places(link, level);
                    let place = places[..*count as usize].iter_mut().find(|place| **place == last);
                    place.into_iter().for_each(|place| *place = node);
                }
            }
            let moved = self.record(last).to_vec();
            if moved[UPPER] > 0 {
                self.uppers[moved[UPPER] as usize - 1][0] = node;
            }
            self.record_mut(node).copy_from_slice(&moved);
        }
        self.len -= 1;
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.truncate(chunk.len() - self.stride);
            if chunk.is_empty() {
                self.chunks.pop();
            }
        }
        self.find_entry();
    }

    /// Links nodes that have lost one neighbour to each other, the nearest pairs first, one link for each.
    fn relink(&mut self, nodes: &[u32], level: u32) {
        let nodes = &nodes[..nodes.len().min(RELINKED)];
        let mut pairs = Heap::default();
        for (at, &a) in nodes.iter().enumerate() {
            for (other, &b) in nodes.iter().enumerate().take(at) {
                if !self.links(a, level).contains(&b) {
                    pairs.push(self.between(a, b), (at * RELINKED + other) as u32);
                }
            }
        }
        let mut linked = 0u64;
        while let Some((_, pair)) = pairs.pop() {
            let (a, b) = (pair as usize / RELINKED, pair as usize % RELINKED);
            let have_place = self.has_place(nodes[a], level) && self.has_place(nodes[b], level);
            if linked >> a & linked >> b & 1 == 0 && have_place {
                linked |= 1 << a | 1 << b;
                self.link(nodes[a], nodes[b], level);
            }
        }
    }

    /// The first node on the highest level.
    fn find_entry(&mut self) {
        (self.entry, self.top) = (0, 0);
        for upper in &self.uppers {
            if upper[1] > self.top || upper[1] == self.top && upper[0] < self.entry {
                (self.entry, self.top) = (upper[0], upper[1]);
            }
        }
    }

    /// Gives a node these links at a level, as far as there is room: of a graph that is read. [`Graph::heal`] comes behind it.
    pub fn set_links(&mut self, node: u32, level: u32, links: &[u32]) {
        let (count, places) = self.places(node, level);
        let len = links.len().min(places.len());
        places[..len].copy_from_slice(&links[..len]);
        *count = len as u32;
    }

    /// Takes out links that lead nowhere, to the node itself, come twice, or go one way only.
    pub fn heal(&mut self) {
        for node in 0..self.len as u32 {
            for level in 0..=self.level(node) {
                let mut good: Vec<u32> = Vec::new();
                for &link in self.links(node, level) {
                    let leads = (link as usize) < self.len && link != node && self.level(link) >= level;
                    if leads && !good.contains(&link) && self.links(link, level).contains(&node) {
                        good.push(link);
                    }
                }
                self.set_links(node, level, &good);
            }
        }
        self.find_entry();
    }

    /// Frees records from the end; whether there are more.
    pub fn shed(&mut self, about: usize) -> bool {
        self.chunks.truncate(self.chunks.len().saturating_sub((about >> self.shift).max(1)));
        self.uppers.truncate(self.uppers.len().saturating_sub(about));
        !self.chunks.is_empty() || !self.uppers.is_empty()
    }

    /// Whether links go both ways and to where they may: what tests ask.
    #[cfg(test)]
    pub fn check(&self) {
        for node in 0..self.len as u32 {
            for level in 0..=self.level(node) {
                for &link in self.links(node, level) {
                    assert!(link != node && (link as usize) < self.len && self.level(link) >= level);
                    assert!(self.links(link, level).contains(&node), "{node} - {link} at {level}");
                    assert_eq!(self.links(node, level).iter().filter(|one| **one == link).count(), 1);
                }
            }
            assert!(self.level(node) <= self.top);
        }
        assert!(self.len == 0 || self.level(self.entry) == self.top);
    }
}
