//! A quicklist: nodes in chunks, found by the numbers of their elements, divided and joined as Redis does it. How it lies in memory, and
//! what that costs, stands in `mod.rs`.

use super::{Fill, Node, remove_from_pack};
use crate::types::dict::hashing::same;
use crate::types::listpack::Listpack;

/// The most nodes of a chunk.
pub(super) const CHUNK: usize = if cfg!(test) { 4 } else { 128 };

/// Which node: the number of the chunk, and its number in there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct At {
    pub(super) chunk: usize,
    pub(super) node: usize,
}

#[derive(Clone)]
pub(super) struct Quick {
    pub(super) chunks: Vec<Chunk>,
    pub(super) len: usize,
    pub(super) nodes: usize,
    fill: Fill,
}

/// A run of nodes; never empty.
#[derive(Clone)]
pub(super) struct Chunk {
    pub(super) nodes: Vec<Node>,
    /// The elements in them.
    pub(super) len: usize,
}

impl Quick {
    pub(super) fn new(fill: Fill) -> Quick {
        Quick { chunks: Vec::new(), len: 0, nodes: 0, fill }
    }

    pub(super) fn node(&self, at: At) -> &Node {
        &self.chunks[at.chunk].nodes[at.node]
    }

    fn node_mut(&mut self, at: At) -> &mut Node {
        &mut self.chunks[at.chunk].nodes[at.node]
    }

    pub(super) fn first(&self) -> Option<At> {
        (!self.chunks.is_empty()).then_some(At { chunk: 0, node: 0 })
    }

    pub(super) fn last(&self) -> Option<At> {
        let chunk = self.chunks.len().checked_sub(1)?;
        Some(At { chunk, node: self.chunks[chunk].nodes.len() - 1 })
    }

    pub(super) fn next(&self, at: At) -> Option<At> {
        if at.node + 1 < self.chunks[at.chunk].nodes.len() {
            return Some(At { node: at.node + 1, ..at });
        }
        (at.chunk + 1 < self.chunks.len()).then_some(At { chunk: at.chunk + 1, node: 0 })
    }

    pub(super) fn prev(&self, at: At) -> Option<At> {
        if at.node > 0 {
            return Some(At { node: at.node - 1, ..at });
        }
        let chunk = at.chunk.checked_sub(1)?;
        Some(At { chunk, node: self.chunks[chunk].nodes.len() - 1 })
    }

    /// The node of element number `index`, which exists, and its number there.
    pub(super) fn seek(&self, index: usize) -> (At, usize) {
        if index < self.len / 2 {
            let mut before = 0;
            let mut chunk = 0;
            while before + self.chunks[chunk].len <= index {
                before += self.chunks[chunk].len;
                chunk += 1;
            }
            let nodes = &self.chunks[chunk].nodes;
            let mut node = 0;
            while before + nodes[node].len() <= index {
                before += nodes[node].len();
                node += 1;
            }
            return (At { chunk, node }, index - before);
        }
        let mut before = self.len;
        let mut chunk = self.chunks.len();
        while before > index {
            chunk -= 1;
            before -= self.chunks[chunk].len;
        }
        let nodes = &self.chunks[chunk].nodes;
        let mut node = nodes.len();
        before += self.chunks[chunk].len;
        while before > index {
            node -= 1;
            before -= nodes[node].len();
        }
        (At { chunk, node }, index - before)
    }

    pub(super) fn push(&mut self, front: bool, value: &[u8]) {
        let fill = self.fill;
        let end = if front { self.first() } else { self.last() };
        if let Some(at) = end
            && self.node(at).takes(value, fill)
        {
            self.node_mut(at).push(front, value);
            self.grown(at.chunk);
            return;
        }
        let node = Node::new(value, fill);
        match end {
            Some(at) if front => self.insert_node(at, node),
            Some(at) => self.insert_node(At { node: at.node + 1, ..at }, node),
            None => self.insert_node(At { chunk: 0, node: 0 }, node),
        };
    }

    /// An element was added in this chunk.
    fn grown(&mut self, chunk: usize) {
        self.chunks[chunk].len += 1;
        self.len += 1;
    }

    /// Puts a node in front of the one at `at` (or behind the last of that chunk); where it is then.
    pub(super) fn insert_node(&mut self, at: At, node: Node) -> At {
        let At { mut chunk, node: mut place } = at;
        let len = node.len();
        let full = self.chunks.get(chunk).is_none_or(|chunk| chunk.nodes.len() >= CHUNK);
        if full {
            let count = self.chunks.get(chunk).map_or(0, |chunk| chunk.nodes.len());
            if place == count && place > 0 {
                chunk += 1;
                place = 0;
            } else if place > 0 {
                let old = &mut self.chunks[chunk];
                let half = old.nodes.split_off(count / 2);
                let moved = half.iter().map(Node::len).sum();
                old.len -= moved;
                self.chunks.insert(chunk + 1, Chunk { nodes: half, len: moved });
                if place > count / 2 {
                    chunk += 1;
                    place -= count / 2;
                }
            }
            if place == 0 && self.chunks.get(chunk).is_none_or(|chunk| chunk.nodes.len() >= CHUNK) {
                self.chunks.insert(chunk, Chunk { nodes: Vec::new(), len: 0 });
            }
        }
        let to = &mut self.chunks[chunk];
        to.nodes.insert(place, node);
        to.len += len;
        self.len += len;
        self.nodes += 1;
        At { chunk, node: place }
    }

    /// Takes a node out.
    fn remove_node(&mut self, at: At) {
        let chunk = &mut self.chunks[at.chunk];
        let len = chunk.nodes.remove(at.node).len();
        chunk.len -= len;
        self.len -= len;
        self.nodes -= 1;
        if self.chunks[at.chunk].nodes.is_empty() {
            self.chunks.remove(at.chunk);
        } else if self.chunks[at.chunk].nodes.capacity() > 4 * self.chunks[at.chunk].nodes.len() + 8 {
            self.chunks[at.chunk].nodes.shrink_to_fit();
        }
    }

    /// Removes `count` elements from number `from` of a node on; the node as well if none is left.
    pub(super) fn remove_in(&mut self, at: At, from: usize, count: usize) {
        if count >= self.node(at).len() {
            return self.remove_node(at);
        }
        self.node_mut(at).remove(from, count);
        self.chunks[at.chunk].len -= count;
        self.len -= count;
    }

    /// Removes `count` elements, which exist, from number `start` on.
    pub(super) fn remove_range(&mut self, start: usize, count: usize) {
        let mut left = count;
        while left > 0 {
            let (at, from) = self.seek(start);
            let whole = &self.chunks[at.chunk];
            if from == 0 && at.node == 0 && whole.len <= left {
                let (nodes, len) = (whole.nodes.len(), whole.len);
                self.chunks.remove(at.chunk);
                self.nodes -= nodes;
                self.len -= len;
                left -= len;
                continue;
            }
            let here = (self.node(at).len() - from).min(left);
            self.remove_in(at, from, here);
            left -= here;
        }
    }

    /// Splits the listpack at `at` in front of element number `index`, which is neither 0 nor its length. The second part
    /// becomes a node of its own behind it.
    fn split(&mut self, at: At, index: usize) -> At {
        let Node::Pack(pack) = self.node_mut(at) else { unreachable!("only a listpack can be split") };
        let mut second = Listpack::new();
        let mut pos = pack.seek(index as i64);
        while let Some(p) = pos {
            pack.get(p).with_bytes(|bytes| second.push_back(bytes));
            pos = pack.next(p);
        }
        let moved = second.len();
        pack.remove_range(index as i64, moved);
        self.chunks[at.chunk].len -= moved;
        self.len -= moved;
        self.insert_node(At { node: at.node + 1, ..at }, Node::Pack(second));
        self.moved(at)
    }

    /// Joins two neighbours if they fit into one node; where that is.
    fn join(&mut self, first: At, second: At) -> Option<At> {
        if !self.node(first).takes_all_of(self.node(second), self.fill) {
            return None;
        }
        let Node::Pack(tail) = std::mem::replace(self.node_mut(second), Node::Plain(Box::default())) else {
            unreachable!("only listpacks are joined")
        };
        let count = tail.len();
        // What stands in its place counts as one element.
        self.chunks[second.chunk].len -= count - 1;
        self.len -= count - 1;
        self.remove_node(second);
        let Node::Pack(pack) = self.node_mut(first) else { unreachable!("only listpacks are joined") };
        for item in tail.iter() {
            item.with_bytes(|bytes| pack.push_back(bytes));
        }
        self.chunks[first.chunk].len += count;
        self.len += count;
        Some(first)
    }

    /// After a node was split around `center`: its two neighbours on each side become one if they fit, then it takes the one
    /// before, then the one behind.
    fn join_around(&mut self, center: Option<At>) {
        let Some(mut center) = center else { return };
        if let Some(prev) = self.prev(center)
            && let Some(first) = self.prev(prev)
            && self.join(first, prev).is_some()
        {
            // One node less before it; if the chunk between vanished, so much the earlier.
            center = self.next(first).expect("the center follows");
        }
        if let Some(next) = self.next(center)
            && let Some(last) = self.next(next)
        {
            self.join(next, last);
        }
        if let Some(prev) = self.prev(center)
            && let Some(joined) = self.join(prev, center)
        {
            center = joined;
        }
        if let Some(next) = self.next(center) {
            self.join(center, next);
        }
    }

    /// Inserts `value` before or after element number `index` of a node.
    pub(super) fn insert(&mut self, at: At, index: usize, after: bool, value: &[u8]) {
        let fill = self.fill;
        let len = self.node(at).len();
        let (at_tail, at_head) = (after && index + 1 == len, !after && index == 0);
        if self.node(at).takes(value, fill) {
            if let Node::Pack(pack) = self.node_mut(at) {
                let pos = pack.seek(index as i64).expect("the element exists");
                if after {
                    pack.insert_after(pos, value)
                } else {
                    pack.insert_before(pos, value)
                };
            }
            return self.grown(at.chunk);
        }
        let beside = if at_tail {
            self.next(at)
        } else if at_head {
            self.prev(at)
        } else {
            let first = self.split(at, index + after as usize);
            let second = self.next(first).expect("it was just made");
            if fill.is_large(value) {
                self.insert_node(second, Node::new(value, fill));
                return;
            }
            // The value goes into the part that does not hold the element; joining starts from the one that does.
            let (with, without) = if after { (first, second) } else { (second, first) };
            self.node_mut(without).push(after, value);
            self.grown(without.chunk);
            return self.join_around(Some(with));
        };
        if let Some(beside) = beside
            && self.node(beside).takes(value, fill)
        {
            self.node_mut(beside).push(after, value);
            return self.grown(beside.chunk);
        }
        self.insert_node(At { node: at.node + after as usize, ..at }, Node::new(value, fill));
    }

    /// Where the node that was at `at` is after one was inserted behind it, which may have divided the chunk.
    fn moved(&self, at: At) -> At {
        let here = self.chunks[at.chunk].nodes.len();
        if at.node < here { at } else { At { chunk: at.chunk + 1, node: at.node - here } }
    }

    /// Puts `value` in the place of element number `index` of a node.
    pub(super) fn replace(&mut self, at: At, index: usize, value: &[u8]) {
        let fill = self.fill;
        let new = match self.node_mut(at) {
            Node::Pack(pack) if !fill.is_large(value) => {
                let pos = pack.seek(index as i64).expect("the element exists");
                pack.replace(pos, value);
                return;
            }
            Node::Plain(old) if fill.is_large(value) => {
                *old = value.into();
                return;
            }
            Node::Plain(_) => {
                self.insert(at, 0, true, value);
                let at = self.moved(at);
                return self.remove_node(at);
            }
            Node::Pack(_) => Node::new(value, fill),
        };
        let len = self.node(at).len();
        let mut at = at;
        if index + 1 < len {
            at = self.split(at, index + 1);
        }
        self.insert_node(At { node: at.node + 1, ..at }, new);
        let at = self.moved(at);
        if index == 0 {
            return self.remove_node(at);
        }
        self.remove_in(at, index, 1);
        self.join_around(self.next(at));
    }

    /// Removes up to `most` elements equal to `value`, from the tail if `backward`.
    pub(super) fn remove_equal(&mut self, value: &[u8], most: usize, backward: bool) -> usize {
        let mut removed = 0;
        let mut at = if backward { self.last() } else { self.first() };
        while let Some(place) = at.filter(|_| removed < most) {
            let count = match self.node_mut(place) {
                Node::Pack(pack) => remove_from_pack(pack, value, most - removed, backward),
                Node::Plain(bytes) => same(bytes, value) as usize,
            };
            removed += count;
            let gone = match self.node(place) {
                Node::Pack(pack) => pack.is_empty(),
                Node::Plain(_) => count == 1,
            };
            at = if backward { self.prev(place) } else { self.next(place) };
            if matches!(self.node(place), Node::Pack(_)) {
                self.chunks[place.chunk].len -= count;
                self.len -= count;
            }
            if gone {
                let chunks = self.chunks.len();
                self.remove_node(place);
                if !backward {
                    at = match at {
                        Some(at) if at.chunk == place.chunk => Some(place),
                        Some(at) => Some(At { chunk: at.chunk - (chunks - self.chunks.len()), ..at }),
                        None => None,
                    };
                }
            }
        }
        removed
    }
}
