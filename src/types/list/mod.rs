//! The value of a list key, in Redis's encodings:
//!
//! | variant | OBJECT ENCODING | representation |
//! |---|---|---|
//! | `Pack` | listpack | all elements in one listpack |
//! | `Quick` | quicklist | a sequence of nodes, each a listpack, or one element too large for one |
//!
//! ```text
//! chunks   | Chunk | Chunk | Chunk |          up to 128 nodes each, with the number of elements in them
//! nodes      | Node | Node | ... | Node |
//! node         listpack of up to 8 KB (`list-max-listpack-size` -2), or plain bytes
//! ```
//!
//! Two vectors instead of Redis's chain: reaching an element by its number skips whole chunks, then whole nodes, then steps
//! through one listpack. Growing copies at most the vector of chunks: 80,000 of them where ten million elements had a
//! node each, 130 with the usual 8 KB. The tail is O(1) but for what a listpack of 8 KB costs; a node that comes or goes at the head
//! moves the others of its chunk, and each 128th one the chunks.
//!
//! Where elements come to lie in nodes follows Redis, because the encoding follows from it: a `Pack` becomes a `Quick`
//! when what is to be added (its bytes counted as text) would exceed `list-max-listpack-size`, and a `Quick` of a single
//! node of half that size or less becomes a `Pack` after something was removed or replaced ([`List::relax`]). A quicklist
//! keeps the node size of the time when it became one.
//!
//! Left out: compression of inner nodes. `list-compress-depth` can be set and does nothing.

use super::Stored;
use super::dict::hashing::Seed;
use super::listpack::{Item, Listpack};
use iter::{Cursor, Iter};
use quick::{At, CHUNK, Chunk, Quick};

mod iter;
mod quick;

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
        bytes.sum::<usize>()
            + size_of::<Quick>()
            + quick.nodes * size_of::<Node>()
            + quick.chunks.len() * size_of::<Chunk>()
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
    Quick(Box<Quick>),
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
        List(Repr::Quick(Box::new(Quick::new(fill))))
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
            self.0 = Repr::Quick(Box::new(quick));
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
