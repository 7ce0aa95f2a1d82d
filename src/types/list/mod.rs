//! The value of a list key, in Redis's encodings:
//!
//! | variant | OBJECT ENCODING | representation |
//! |---|---|---|
//! | `Pack` | listpack | all elements in one listpack |
//! | `Quick` | quicklist | a sequence of nodes, each a listpack, or one element too large for one |
//!
//! ```text
//! chunks (a ring)     | Chunk | Chunk | Chunk |            up to 128 nodes each, with the number of elements in them
//! nodes (a ring)        | Node | Node | ... | Node |
//! node                    listpack of up to 8 KB (`list-max-listpack-size` -2), or plain bytes
//! ```
//!
//! Two rings instead of Redis's chain: reaching an element by its number skips whole chunks, then whole nodes, then steps
//! through one listpack. Growing copies at most the ring of chunks: 80,000 of them where ten million elements had a
//! node each, 130 with the usual 8 KB. Both ends are O(1) but for what a listpack of 8 KB costs.
//!
//! Where elements come to lie in nodes follows Redis, because the encoding follows from it: a `Pack` becomes a `Quick`
//! when what is to be added (its bytes counted as text) would exceed `list-max-listpack-size`, and a `Quick` of a single
//! node of half that size or less becomes a `Pack` after something was removed or replaced ([`List::relax`]). A quicklist
//! keeps the node size of the time when it became one.
//!
//! Left out: compression of inner nodes. `list-compress-depth` can be set and does nothing.

use super::Stored;
use super::dict::hashing::{Seed, same};
use super::listpack::{Item, Listpack};
use iter::{Cursor, Iter};

mod iter;

impl List {
    /// A number that lists with the same elements in the same order share.
    pub fn digest(&self, seed: &Seed) -> u64 {
        let mut sum = 1u64;
        for item in self.iter(0, true) {
            sum = sum.rotate_left(5) ^ item.with_bytes(|bytes| seed.hash(bytes));
            sum = sum.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        sum
    }
}

impl Stored for List {
    const TYPE: &'static str = "list";

    /// What OBJECT ENCODING says.
    fn encoding(&self) -> &'static str {
        match &self.0 {
            Repr::Pack(_) => "listpack",
            Repr::Quick(_) => "quicklist",
        }
    }

    /// Bytes on the heap, about. O(nodes).
    fn heap_bytes(&self) -> usize {
        let quick = match &self.0 {
            Repr::Pack(pack) => return pack.heap_bytes(),
            Repr::Quick(quick) => quick,
        };
        let nodes = quick.chunks.iter().flat_map(|chunk| chunk.nodes.iter());
        let bytes = nodes.map(|node| match node {
            Node::Pack(pack) => pack.heap_bytes(),
            Node::Plain(value) => value.len(),
        });
        bytes.sum::<usize>() + quick.nodes * size_of::<Node>() + quick.chunks.len() * size_of::<Chunk>()
    }

    fn elements(&self) -> usize {
        self.len()
    }

    /// Frees a part of about so many nodes; whether there may be more. Nothing else may be done with the list from then on.
    fn shed(&mut self, about: usize) -> bool {
        match &mut self.0 {
            Repr::Pack(_) => false,
            Repr::Quick(quick) => (0..=about / CHUNK).all(|_| quick.chunks.pop().is_some()),
        }
    }

    fn is_spent(&self) -> bool {
        self.is_empty()
    }
}

#[cfg(test)]
mod tests;

/// The most nodes of a chunk.
const CHUNK: usize = if cfg!(test) { 4 } else { 128 };
/// No listpack is larger where `list-max-listpack-size` counts elements, and no element in one.
const SAFE_BYTES: usize = 8192;
/// What an element is thought to take beyond its bytes.
const OVERHEAD: usize = 8;
/// Header and end of a listpack.
const EMPTY_PACK: usize = 7;

#[derive(Clone)]
pub struct List(Repr);

#[derive(Clone)]
enum Repr {
    Pack(Listpack),
    Quick(Quick),
}

#[derive(Clone)]
struct Quick {
    chunks: Vec<Chunk>,
    len: usize,
    nodes: usize,
    fill: Fill,
}

/// A run of nodes; never empty.
#[derive(Clone)]
struct Chunk {
    nodes: Vec<Node>,
    /// The elements in them.
    len: usize,
}

#[derive(Clone)]
enum Node {
    Pack(Listpack),
    Plain(Box<[u8]>),
}

/// What a node holds.
pub enum NodeBytes<'a> {
    Pack(&'a Listpack),
    Plain(&'a [u8]),
}

/// Which node: the number of the chunk, and its number in there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct At {
    chunk: usize,
    node: usize,
}

/// `list-max-listpack-size`: positive counts elements, -1 to -5 mean 4, 8, 16, 32 and 64 KB.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fill {
    count: usize,
    bytes: usize,
}

impl Fill {
    pub fn new(setting: i64) -> Fill {
        match setting {
            0.. => Fill { count: setting.clamp(1, i16::MAX as i64) as usize, bytes: SAFE_BYTES },
            _ => Fill { count: usize::MAX, bytes: 2048 << setting.unsigned_abs().min(5) },
        }
    }

    /// Whether so many elements in a listpack of so many bytes are small enough.
    #[inline(always)]
    fn fits(self, count: usize, bytes: usize) -> bool {
        bytes <= self.bytes && count <= self.count
    }

    /// Whether they are half of what is allowed, or less. Where elements are counted, bytes do not matter.
    fn is_half(self, count: usize, bytes: usize) -> bool {
        if self.count == usize::MAX { bytes <= self.bytes / 2 } else { count <= self.count / 2 }
    }

    /// Whether an element gets a node of its own.
    #[inline(always)]
    fn is_large(self, value: &[u8]) -> bool {
        value.len() > self.bytes
    }
}

impl Node {
    fn new(value: &[u8], fill: Fill) -> Node {
        if fill.is_large(value) {
            return Node::Plain(value.into());
        }
        let mut pack = Listpack::new();
        pack.push_back(value);
        Node::Pack(pack)
    }

    #[inline(always)]
    fn len(&self) -> usize {
        match self {
            Node::Pack(pack) => pack.len(),
            Node::Plain(_) => 1,
        }
    }

    /// Whether `value` may be added.
    #[inline(always)]
    fn takes(&self, value: &[u8], fill: Fill) -> bool {
        match self {
            Node::Pack(pack) => {
                !fill.is_large(value) && fill.fits(pack.len() + 1, pack.bytes().len() + value.len() + OVERHEAD)
            }
            Node::Plain(_) => false,
        }
    }

    /// Adds `value`, which it takes.
    #[inline(always)]
    fn push(&mut self, front: bool, value: &[u8]) {
        match self {
            Node::Pack(pack) if front => pack.push_front(value),
            Node::Pack(pack) => pack.push_back(value),
            Node::Plain(_) => unreachable!("a plain node takes nothing"),
        }
    }

    fn takes_all_of(&self, other: &Node, fill: Fill) -> bool {
        match (self, other) {
            (Node::Pack(a), Node::Pack(b)) => {
                fill.fits(a.len() + b.len(), a.bytes().len() + b.bytes().len() - EMPTY_PACK)
            }
            _ => false,
        }
    }

    fn cursor(&self, forward: bool) -> Cursor<'_> {
        match self {
            Node::Pack(pack) => Cursor::Pack(pack, if forward { pack.first() } else { pack.last() }),
            Node::Plain(value) => Cursor::Plain(Some(value)),
        }
    }

    /// Removes the elements from number `from` on, `count` of them. It must not become empty.
    fn remove(&mut self, from: usize, count: usize) {
        if let Node::Pack(pack) = self {
            pack.remove_range(from as i64, count);
        }
    }
}

impl Quick {
    fn new(fill: Fill) -> Quick {
        Quick { chunks: Vec::new(), len: 0, nodes: 0, fill }
    }

    fn node(&self, at: At) -> &Node {
        &self.chunks[at.chunk].nodes[at.node]
    }

    fn node_mut(&mut self, at: At) -> &mut Node {
        &mut self.chunks[at.chunk].nodes[at.node]
    }

    fn first(&self) -> Option<At> {
        (!self.chunks.is_empty()).then_some(At { chunk: 0, node: 0 })
    }

    fn last(&self) -> Option<At> {
        let chunk = self.chunks.len().checked_sub(1)?;
        Some(At { chunk, node: self.chunks[chunk].nodes.len() - 1 })
    }

    fn next(&self, at: At) -> Option<At> {
        if at.node + 1 < self.chunks[at.chunk].nodes.len() {
            return Some(At { node: at.node + 1, ..at });
        }
        (at.chunk + 1 < self.chunks.len()).then_some(At { chunk: at.chunk + 1, node: 0 })
    }

    fn prev(&self, at: At) -> Option<At> {
        if at.node > 0 {
            return Some(At { node: at.node - 1, ..at });
        }
        let chunk = at.chunk.checked_sub(1)?;
        Some(At { chunk, node: self.chunks[chunk].nodes.len() - 1 })
    }

    /// The node of element number `index`, which exists, and its number there.
    fn seek(&self, index: usize) -> (At, usize) {
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

    fn push(&mut self, front: bool, value: &[u8]) {
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
    fn insert_node(&mut self, at: At, node: Node) -> At {
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
    fn remove_in(&mut self, at: At, from: usize, count: usize) {
        if count >= self.node(at).len() {
            return self.remove_node(at);
        }
        self.node_mut(at).remove(from, count);
        self.chunks[at.chunk].len -= count;
        self.len -= count;
    }

    /// Removes `count` elements, which exist, from number `start` on.
    fn remove_range(&mut self, start: usize, count: usize) {
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
    fn insert(&mut self, at: At, index: usize, after: bool, value: &[u8]) {
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
    fn replace(&mut self, at: At, index: usize, value: &[u8]) {
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
    fn remove_equal(&mut self, value: &[u8], most: usize, backward: bool) -> usize {
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

/// Removes up to `most` entries equal to `value`, the last ones if `backward`. One pass, however many there are.
fn remove_from_pack(pack: &mut Listpack, value: &[u8], most: usize, backward: bool) -> usize {
    let Some(first) = pack.find(value, pack.first(), 0) else { return 0 };
    let mut found = 0;
    let mut pos = Some(first);
    while let Some(p) = pos {
        found += 1;
        pos = pack.next(p).and_then(|next| pack.find(value, Some(next), 0));
    }
    let wanted = found.min(most);
    if wanted == 1 && (found == 1 || !backward) {
        pack.remove(first);
        return 1;
    }
    let mut kept = Listpack::new();
    let mut skip = if backward { found - wanted } else { 0 };
    let mut left = wanted;
    for item in pack.iter() {
        if left > 0 && item.eq_bytes(value) {
            if skip == 0 {
                left -= 1;
                continue;
            }
            skip -= 1;
        }
        item.with_bytes(|bytes| kept.push_back(bytes));
    }
    *pack = kept;
    wanted
}

impl Default for List {
    fn default() -> List {
        List::new()
    }
}

impl List {
    pub fn new() -> List {
        List(Repr::Pack(Listpack::new()))
    }

    /// An empty quicklist, which [`List::add_pack`] and its kind fill and [`List::settle`] finishes.
    pub fn quick(fill: Fill) -> List {
        List(Repr::Quick(Quick::new(fill)))
    }

    fn add_node(&mut self, node: Node) {
        let Repr::Quick(quick) = &mut self.0 else { unreachable!("nodes are added to a quicklist") };
        let end = quick.last().map_or(At { chunk: 0, node: 0 }, |at| At { node: at.node + 1, ..at });
        quick.insert_node(end, node);
    }

    /// Adds a node to a quicklist, unless there is nothing in it.
    pub fn add_pack(&mut self, pack: Listpack) {
        if !pack.is_empty() {
            self.add_node(Node::Pack(pack));
        }
    }

    /// Adds a node of one element to a quicklist.
    pub fn add_plain(&mut self, bytes: &[u8]) {
        self.add_node(Node::Plain(bytes.into()));
    }

    /// A quicklist of one node that is small enough becomes a listpack.
    pub fn settle(&mut self, fill: Fill) {
        if let Repr::Quick(quick) = &mut self.0
            && quick.nodes == 1
            && let Node::Pack(pack) = &mut quick.chunks[0].nodes[0]
            && fill.fits(pack.len(), pack.bytes().len())
        {
            self.0 = Repr::Pack(std::mem::take(pack));
        }
    }

    /// How many nodes there are; one where it is a listpack.
    pub fn nodes(&self) -> usize {
        match &self.0 {
            Repr::Pack(_) => 1,
            Repr::Quick(quick) => quick.nodes,
        }
    }

    /// Shows what the nodes hold.
    pub fn each_node(&self, show: &mut dyn FnMut(NodeBytes<'_>)) {
        match &self.0 {
            Repr::Pack(pack) => show(NodeBytes::Pack(pack)),
            Repr::Quick(quick) => quick.chunks.iter().flat_map(|chunk| &chunk.nodes).for_each(|node| {
                show(match node {
                    Node::Pack(pack) => NodeBytes::Pack(pack),
                    Node::Plain(bytes) => NodeBytes::Plain(bytes),
                })
            }),
        }
    }

    #[inline]
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Pack(pack) => pack.len(),
            Repr::Quick(quick) => quick.len,
        }
    }

    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Repr::Pack(pack) => pack.is_empty(),
            Repr::Quick(quick) => quick.len == 0,
        }
    }

    /// Prepares for `count` elements of `bytes` bytes together: a listpack that would become too large becomes a quicklist.
    pub fn expect(&mut self, count: usize, bytes: usize, fill: Fill) {
        if let Repr::Pack(pack) = &mut self.0
            && !fill.fits(pack.len().saturating_add(count), pack.bytes().len().saturating_add(bytes))
        {
            let pack = std::mem::take(pack);
            let mut quick = Quick::new(fill);
            if !pack.is_empty() {
                quick.insert_node(At { chunk: 0, node: 0 }, Node::Pack(pack));
            }
            self.0 = Repr::Quick(quick);
        }
    }

    /// After something was removed or replaced: a quicklist of one small node becomes a listpack.
    pub fn relax(&mut self, fill: Fill) {
        if let Repr::Quick(quick) = &mut self.0
            && quick.nodes == 1
            && let Node::Pack(pack) = &mut quick.chunks[0].nodes[0]
            && fill.is_half(pack.len(), pack.bytes().len())
        {
            self.0 = Repr::Pack(std::mem::take(pack));
        }
    }

    /// Adds an element, for which [`List::expect`] has made room.
    #[inline]
    pub fn push(&mut self, front: bool, value: &[u8]) {
        match &mut self.0 {
            Repr::Pack(pack) if front => pack.push_front(value),
            Repr::Pack(pack) => pack.push_back(value),
            Repr::Quick(quick) => quick.push(front, value),
        }
    }

    /// The first or last element.
    #[inline]
    pub fn end(&self, front: bool) -> Option<Item<'_>> {
        match &self.0 {
            Repr::Pack(pack) => (if front { pack.first() } else { pack.last() }).map(|pos| pack.get(pos)),
            Repr::Quick(quick) => {
                let node = quick.node(if front { quick.first()? } else { quick.last()? });
                node.cursor(front).next(front)
            }
        }
    }

    /// Removes the first or last element, if there is one.
    #[inline]
    pub fn drop_end(&mut self, front: bool) {
        match &mut self.0 {
            Repr::Pack(pack) => {
                if let Some(pos) = if front { pack.first() } else { pack.last() } {
                    pack.remove(pos);
                }
            }
            Repr::Quick(quick) => {
                if let Some(at) = if front { quick.first() } else { quick.last() } {
                    let len = quick.node(at).len();
                    quick.remove_in(at, if front { 0 } else { len - 1 }, 1);
                }
            }
        }
    }

    /// Element number `index`.
    pub fn get(&self, index: usize) -> Option<Item<'_>> {
        if index >= self.len() { None } else { self.iter(index, true).next() }
    }

    /// Replaces element number `index`, which exists.
    pub fn set(&mut self, index: usize, value: &[u8]) {
        match &mut self.0 {
            Repr::Pack(pack) => {
                if let Some(pos) = pack.seek(index as i64) {
                    pack.replace(pos, value);
                }
            }
            Repr::Quick(quick) => {
                let (at, index) = quick.seek(index);
                quick.replace(at, index, value);
            }
        }
    }

    /// Inserts an element before or after the one at `index`, which exists.
    pub fn insert(&mut self, index: usize, after: bool, value: &[u8]) {
        match &mut self.0 {
            Repr::Pack(pack) => {
                if let Some(pos) = pack.seek(index as i64) {
                    if after {
                        pack.insert_after(pos, value)
                    } else {
                        pack.insert_before(pos, value)
                    };
                }
            }
            Repr::Quick(quick) => {
                let (at, index) = quick.seek(index);
                quick.insert(at, index, after, value);
            }
        }
    }

    /// The number of the first element that equals `value`.
    pub fn find(&self, value: &[u8]) -> Option<usize> {
        self.iter(0, true).position(|item| item.eq_bytes(value))
    }

    /// Removes up to `most` elements equal to `value`, from the tail on if `backward`. How many there were.
    pub fn remove_equal(&mut self, value: &[u8], most: usize, backward: bool) -> usize {
        match &mut self.0 {
            Repr::Pack(pack) => remove_from_pack(pack, value, most, backward),
            Repr::Quick(quick) => quick.remove_equal(value, most, backward),
        }
    }

    /// Removes the elements from number `start` on, up to `count` of them.
    pub fn remove_range(&mut self, start: usize, count: usize) {
        let count = count.min(self.len().saturating_sub(start));
        match &mut self.0 {
            Repr::Pack(pack) if count > 0 => pack.remove_range(start as i64, count),
            Repr::Quick(quick) => quick.remove_range(start, count),
            Repr::Pack(_) => {}
        }
    }

    /// The elements from number `start` on, forward or backward; none where there is no such element.
    pub fn iter(&self, start: usize, forward: bool) -> Iter<'_> {
        let none = Iter { cursor: Cursor::Plain(None), rest: None, forward };
        if start >= self.len() {
            return none;
        }
        match &self.0 {
            Repr::Pack(pack) => Iter { cursor: Cursor::Pack(pack, pack.seek(start as i64)), ..none },
            Repr::Quick(quick) => {
                let (at, index) = quick.seek(start);
                let cursor = match quick.node(at) {
                    Node::Pack(pack) => Cursor::Pack(pack, pack.seek(index as i64)),
                    Node::Plain(value) => Cursor::Plain(Some(value)),
                };
                Iter { cursor, rest: Some((quick, at)), forward }
            }
        }
    }
}
