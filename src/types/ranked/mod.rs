//! `Ranked`: the order of a big sorted set: a counted B+tree over members that live elsewhere.
//!
//! ```text
//! member  | length u32 | bytes ... |          on the heap, owned by who made it; never moves
//!
//! inner   | len | (score, child, count) ... | members       up to 32 children; score and member are the child's first
//! leaf    | len | prev | next | scores | members            up to 64 elements
//! ```
//!
//! The order is that of scores, and of bytes where scores are equal. A search looks at all scores of a node, which the
//! processor fetches at once: a binary search fetches three or four lines of a cold node one after the other. It touches
//! members only where scores are equal.
//!
//! - Insertion, removal, the rank of an element, the element of a rank, the border of a range: O(log n), which is four
//!   nodes at ten million, the upper ones of them in the cache. Walking from there is O(1) a step, both ways.
//! - 12 bytes an element on wasm32, at the usual filling of 70% 18; 13 where elements come in ascending order, because a
//!   full node at the right edge is not split in halves.
//! - All nodes are of two sizes, nothing is ever rebuilt: no pause, whatever the size.
//! - A node with less than a quarter takes from a neighbour, or becomes one with it.
//!
//! The first score and member of an inner node are not used (and may be of an element that is gone): only the borders
//! between children count, and those are exact.
//!
//! Left out: bulk building (members come in order from a listpack or a sort anyway), and references from members back to
//! leaves, which would save a descent and cost 4 bytes and a cache miss for each element of a split.

use super::named;
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::ptr;

const LEAF: usize = 64;
const INNER: usize = 32;
/// Inner nodes have at least 8 children (the root 2), leaves at least one element: 2^32 elements need no more levels.
const LEVELS: usize = 12;

/// A reference to the bytes of a member. Valid until `free`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Member(*mut u8);

// SAFETY of the whole impl: made by `new`, not yet freed, both vouched for by the owner.
impl Member {
    fn layout(len: usize) -> Layout {
        Layout::array::<u8>(Member::size(len)).expect("a string of less than 4 GB")
    }

    /// What a member of this length takes.
    pub fn size(len: usize) -> usize {
        named::size(len, false)
    }

    pub fn new(bytes: &[u8]) -> Member {
        let layout = Member::layout(bytes.len());
        unsafe {
            let at = alloc(layout);
            if at.is_null() {
                handle_alloc_error(layout);
            }
            named::write(at, bytes, None);
            Member(at)
        }
    }

    /// # Safety
    /// No copy of the reference is used afterwards.
    pub unsafe fn free(self) {
        unsafe { dealloc(self.0, Member::layout(self.bytes().len())) }
    }

    /// The bytes, for as long as the member lives, which the type does not say.
    #[inline(always)]
    pub fn bytes<'a>(self) -> &'a [u8] {
        unsafe { named::name(self.0) }
    }
}

#[repr(C)]
struct Leaf {
    // In front, in the line that a search needs anyway.
    len: u32,
    prev: *mut Leaf,
    next: *mut Leaf,
    scores: [f64; LEAF],
    members: [Member; LEAF],
}

#[repr(C)]
struct Inner {
    len: u32,
    children: [Child; INNER],
    members: [Member; INNER],
}

/// A child as its parent knows it.
#[derive(Clone, Copy)]
struct Child {
    score: f64,
    /// A leaf in the lowest level of inner nodes, else an inner node.
    node: *mut u8,
    /// Elements below it.
    count: u32,
}

/// The way from the root to a leaf: inner nodes, and which child was taken.
pub struct Path {
    steps: [(*mut Inner, usize); LEVELS],
    leaf: *mut Leaf,
    /// How many elements of the leaf the predicate accepted.
    at: usize,
}

pub struct Ranked {
    root: *mut u8,
    /// Levels of inner nodes above the leaves.
    height: usize,
    len: usize,
    bytes: usize,
}

// SAFETY: the nodes are its own, and change only through &mut.
unsafe impl Send for Ranked {}
unsafe impl Sync for Ranked {}

/// A place in the order, or its end.
#[derive(Clone, Copy)]
pub struct Cursor<'a> {
    leaf: *const Leaf,
    at: usize,
    tree: std::marker::PhantomData<&'a Ranked>,
}

impl<'a> Cursor<'a> {
    /// The element here; None behind the last one, and in front of the first.
    #[inline]
    pub fn get(&self) -> Option<(f64, &'a [u8])> {
        // SAFETY: the leaf lives and does not change while the tree is borrowed.
        unsafe {
            let leaf = self.leaf.as_ref()?;
            (self.at < leaf.len as usize).then(|| (leaf.scores[self.at], leaf.members[self.at].bytes()))
        }
    }

    #[inline]
    pub fn next(&mut self) {
        // SAFETY: as above.
        unsafe {
            let Some(leaf) = self.leaf.as_ref() else { return };
            self.at += 1;
            if self.at >= leaf.len as usize {
                (self.leaf, self.at) = (leaf.next, 0);
            }
        }
    }

    #[inline]
    pub fn prev(&mut self) {
        // SAFETY: as above.
        unsafe {
            let Some(leaf) = self.leaf.as_ref() else { return };
            if self.at > 0 {
                self.at -= 1;
            } else {
                self.leaf = leaf.prev;
                self.at = leaf.prev.as_ref().map_or(0, |leaf| leaf.len as usize - 1);
            }
        }
    }
}

/// Makes room for one at `at` in the first `len` of a node's arrays.
unsafe fn open<T: Copy>(array: *mut T, len: usize, at: usize, value: T) {
    // SAFETY: the caller has room for len + 1.
    unsafe {
        ptr::copy(array.add(at), array.add(at + 1), len - at);
        array.add(at).write(value);
    }
}

unsafe fn close<T: Copy>(array: *mut T, len: usize, at: usize) {
    // SAFETY: at < len.
    unsafe { ptr::copy(array.add(at + 1), array.add(at), len - at - 1) }
}

/// Moves the entries between two neighbours so that the left one has `target` of the `left + right`.
unsafe fn shift<T: Copy>(a: *mut T, left: usize, b: *mut T, right: usize, target: usize) {
    // SAFETY: both have room for what they get.
    unsafe {
        if target >= left {
            let moved = target - left;
            ptr::copy_nonoverlapping(b, a.add(left), moved);
            ptr::copy(b.add(moved), b, right - moved);
        } else {
            let moved = left - target;
            ptr::copy(b, b.add(moved), right);
            ptr::copy_nonoverlapping(a.add(target), b, moved);
        }
    }
}

impl Leaf {
    unsafe fn insert(leaf: *mut Leaf, at: usize, score: f64, member: Member) {
        // SAFETY: the caller has made sure that there is room.
        unsafe {
            let len = (*leaf).len as usize;
            open((&raw mut (*leaf).scores).cast(), len, at, score);
            open((&raw mut (*leaf).members).cast(), len, at, member);
            (*leaf).len += 1;
        }
    }

    unsafe fn shift(a: *mut Leaf, b: *mut Leaf, target: usize) {
        // SAFETY: the caller's.
        unsafe {
            let (left, right) = ((*a).len as usize, (*b).len as usize);
            shift::<f64>((&raw mut (*a).scores).cast(), left, (&raw mut (*b).scores).cast(), right, target);
            shift::<Member>((&raw mut (*a).members).cast(), left, (&raw mut (*b).members).cast(), right, target);
            ((*a).len, (*b).len) = (target as u32, (left + right - target) as u32);
        }
    }
}

impl Inner {
    unsafe fn insert(inner: *mut Inner, at: usize, child: Child, member: Member) {
        // SAFETY: the caller has made sure that there is room.
        unsafe {
            let len = (*inner).len as usize;
            open((&raw mut (*inner).children).cast(), len, at, child);
            open((&raw mut (*inner).members).cast(), len, at, member);
            (*inner).len += 1;
        }
    }

    unsafe fn remove(inner: *mut Inner, at: usize) {
        // SAFETY: at < len.
        unsafe {
            let len = (*inner).len as usize;
            close::<Child>((&raw mut (*inner).children).cast(), len, at);
            close::<Member>((&raw mut (*inner).members).cast(), len, at);
            (*inner).len -= 1;
        }
    }

    unsafe fn shift(a: *mut Inner, b: *mut Inner, target: usize) {
        // SAFETY: the caller's.
        unsafe {
            let (left, right) = ((*a).len as usize, (*b).len as usize);
            shift::<Child>((&raw mut (*a).children).cast(), left, (&raw mut (*b).children).cast(), right, target);
            shift::<Member>((&raw mut (*a).members).cast(), left, (&raw mut (*b).members).cast(), right, target);
            ((*a).len, (*b).len) = (target as u32, (left + right - target) as u32);
        }
    }

    /// The elements below the first `len` children.
    #[inline(always)]
    unsafe fn total(inner: *mut Inner, len: usize) -> u32 {
        // SAFETY: a node of the tree.
        unsafe { (&(*inner).children)[..len].iter().map(|child| child.count).sum() }
    }

    unsafe fn child<T>(inner: *mut Inner, at: usize) -> *mut T {
        // SAFETY: at < len.
        unsafe { (*inner).children[at].node.cast() }
    }

    /// The border in front of child `at`.
    unsafe fn set_border(inner: *mut Inner, at: usize, score: f64, member: Member) {
        // SAFETY: at < len.
        unsafe { ((*inner).children[at].score, (*inner).members[at]) = (score, member) }
    }
}

/// How many of the elements `low..high` the predicate accepts, plus `low`.
#[inline(always)]
fn border(mut low: usize, mut high: usize, below: impl Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = (low + high) / 2;
        if below(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl Default for Ranked {
    fn default() -> Ranked {
        Ranked { root: ptr::null_mut(), height: 0, len: 0, bytes: 0 }
    }
}

// SAFETY of the whole impl: `root` is null or a node of level `height`; children of level 0 are leaves; nodes are made by
// `node_new` and their first `len` entries are written; members are alive while they are in the tree.
impl Ranked {
    #[allow(clippy::len_without_is_empty)] // who asks has the length of the Dict beside it
    pub fn len(&self) -> usize {
        self.len
    }

    /// Bytes of all nodes.
    pub fn heap_bytes(&self) -> usize {
        self.bytes
    }

    fn node_new<T>(&mut self) -> *mut T {
        let layout = Layout::new::<T>();
        // SAFETY: the size is over 0.
        let node = unsafe { alloc(layout) };
        if node.is_null() {
            handle_alloc_error(layout);
        }
        self.bytes += layout.size();
        node.cast()
    }

    unsafe fn node_free<T>(&mut self, node: *mut T) {
        let layout = Layout::new::<T>();
        self.bytes -= layout.size();
        // SAFETY: made by `node_new`; the caller uses it no more.
        unsafe { dealloc(node.cast(), layout) }
    }

    /// The way to behind the last element that is less than this, or equal to it. Without `bytes`: of lower score, or, if
    /// `equal`, of this score.
    #[inline(always)]
    fn descend(&self, score: f64, bytes: Option<&[u8]>, equal: bool) -> Path {
        let mut path = Path { steps: [(ptr::null_mut(), 0); LEVELS], leaf: ptr::null_mut(), at: 0 };
        if self.root.is_null() {
            return path;
        }
        let mut node = self.root;
        let tie = |s: f64, member: Member| s == score && bytes.map_or(equal, |bytes| member.bytes() <= bytes);
        unsafe {
            for level in 0..self.height {
                let inner = node.cast::<Inner>();
                let children = &(&(*inner).children)[..(*inner).len as usize];
                let mut at = children[1..].iter().map(|child| (child.score < score) as usize).sum::<usize>();
                if at + 1 < children.len() && children[at + 1].score == score {
                    at = border(at + 1, children.len(), |i| tie(children[i].score, (*inner).members[i])) - 1;
                }
                path.steps[level] = (inner, at);
                node = children[at].node;
            }
            let leaf = node.cast::<Leaf>();
            let scores = &(&(*leaf).scores)[..(*leaf).len as usize];
            // A change needs the members too: fetched now, they come together with the scores.
            std::hint::black_box([(*leaf).members[0], (*leaf).members[LEAF / 4], (*leaf).members[LEAF / 2]]);
            let mut at = scores.iter().map(|&s| (s < score) as u64).sum::<u64>() as usize;
            if at < scores.len() && scores[at] == score {
                at = border(at, scores.len(), |i| tie(scores[i], (*leaf).members[i]));
            }
            (path.leaf, path.at) = (leaf, at);
        }
        path
    }

    /// The way to behind this element, or to where it would stand.
    #[inline(never)]
    pub fn descend_to(&self, score: f64, bytes: &[u8]) -> Path {
        self.descend(score, Some(bytes), true)
    }

    /// How many elements stand in front of the place that a path leads to.
    fn before(&self, path: &Path) -> usize {
        let mut rank = path.at;
        for &(inner, at) in &path.steps[..self.height] {
            unsafe { rank += Inner::total(inner, at) as usize };
        }
        rank
    }

    /// How many elements stand in front of one that is there.
    pub fn rank(&self, score: f64, member: Member) -> usize {
        self.before(&self.descend_to(score, member.bytes())) - 1
    }

    /// How many elements have a lower score, or, if `equal`, one that is not higher.
    pub fn count_scores(&self, score: f64, equal: bool) -> usize {
        self.before(&self.descend(score, None, equal))
    }

    /// How many elements `below` accepts. It must accept all up to a border, and none behind it.
    pub fn count(&self, below: &dyn Fn(&[u8]) -> bool) -> usize {
        let (mut node, mut rank) = (self.root, 0);
        if node.is_null() {
            return 0;
        }
        unsafe {
            for _ in 0..self.height {
                let inner = node.cast::<Inner>();
                let at = border(1, (*inner).len as usize, |i| below((*inner).members[i].bytes())) - 1;
                rank += Inner::total(inner, at) as usize;
                node = (*inner).children[at].node;
            }
            let leaf = node.cast::<Leaf>();
            rank + border(0, (*leaf).len as usize, |i| below((*leaf).members[i].bytes()))
        }
    }

    /// The element of a rank.
    pub fn at(&self, rank: usize) -> Cursor<'_> {
        let mut cursor = Cursor { leaf: ptr::null(), at: 0, tree: std::marker::PhantomData };
        if rank >= self.len {
            return cursor;
        }
        let (mut node, mut left) = (self.root, rank as u32);
        unsafe {
            for _ in 0..self.height {
                let inner = node.cast::<Inner>();
                let mut at = 0;
                while left >= (*inner).children[at].count {
                    left -= (*inner).children[at].count;
                    at += 1;
                }
                node = (*inner).children[at].node;
            }
        }
        (cursor.leaf, cursor.at) = (node.cast(), left as usize);
        cursor
    }

    /// The element of a rank, which must be below the length.
    pub fn element_at(&self, rank: usize) -> (f64, Member) {
        let cursor = self.at(rank);
        assert!(!cursor.leaf.is_null());
        unsafe { ((*cursor.leaf).scores[cursor.at], (*cursor.leaf).members[cursor.at]) }
    }

    /// Adds a member that is not in the tree.
    pub fn insert(&mut self, score: f64, member: Member) {
        self.insert_at(&self.descend_to(score, member.bytes()), score, member);
    }

    /// The same, the way to it known. Since that was found nothing was changed.
    pub fn insert_at(&mut self, path: &Path, score: f64, member: Member) {
        assert!(self.len < u32::MAX as usize, "less than 2^32 elements");
        self.len += 1;
        if self.root.is_null() {
            let leaf = self.node_new::<Leaf>();
            unsafe {
                (*leaf).len = 0;
                ((*leaf).prev, (*leaf).next) = (ptr::null_mut(), ptr::null_mut());
                Leaf::insert(leaf, 0, score, member);
            }
            self.root = leaf.cast();
            return;
        }
        unsafe {
            for &(inner, at) in &path.steps[..self.height] {
                (*inner).children[at].count += 1;
            }
            if ((*path.leaf).len as usize) < LEAF {
                Leaf::insert(path.leaf, path.at, score, member);
            } else {
                self.insert_split(path, score, member);
            }
        }
    }

    /// Adds a member where the leaf is full. The counts above already have it.
    #[cold]
    #[inline(never)]
    unsafe fn insert_split(&mut self, path: &Path, score: f64, member: Member) {
        unsafe {
            let left = path.leaf;
            let right = self.node_new::<Leaf>();
            // At the edges elements often come in order: then the left or right one stays full.
            let last = (*left).next.is_null() && path.at == LEAF;
            let first = (*left).prev.is_null() && path.at == 0;
            let keep = if last {
                LEAF
            } else if first {
                1
            } else {
                LEAF / 2
            };
            (*right).len = 0;
            ((*right).prev, (*right).next) = (left, (*left).next);
            if let Some(next) = (*left).next.as_mut() {
                next.prev = right;
            }
            (*left).next = right;
            Leaf::shift(left, right, keep);
            if path.at <= keep && !last {
                Leaf::insert(left, path.at, score, member);
            } else {
                Leaf::insert(right, path.at - keep, score, member);
            }
            let mut child = Child { score: (*right).scores[0], node: right.cast(), count: (*right).len };
            let mut member = (*right).members[0];
            for level in (0..self.height).rev() {
                let (inner, at) = path.steps[level];
                (*inner).children[at].count -= child.count;
                if ((*inner).len as usize) < INNER {
                    return Inner::insert(inner, at + 1, child, member);
                }
                let keep = if last { INNER * 3 / 4 } else { INNER / 2 };
                let right = self.node_new::<Inner>();
                (*right).len = 0;
                Inner::shift(inner, right, keep);
                if at < keep {
                    Inner::insert(inner, at + 1, child, member);
                } else {
                    Inner::insert(right, at + 1 - keep, child, member);
                }
                let count = Inner::total(right, (*right).len as usize);
                child = Child { score: (*right).children[0].score, node: right.cast(), count };
                member = (*right).members[0];
            }
            let root = self.node_new::<Inner>();
            (*root).len = 0;
            let old = Child { node: self.root, count: self.len as u32 - child.count, ..child };
            Inner::insert(root, 0, old, member);
            Inner::insert(root, 1, child, member);
            self.root = root.cast();
            self.height += 1;
        }
    }

    /// Takes a member out that is in the tree.
    pub fn remove(&mut self, score: f64, member: Member) {
        let mut path = self.descend_to(score, member.bytes());
        unsafe {
            path.at -= 1;
            debug_assert!((*path.leaf).members[path.at] == member);
            self.remove_at(&path);
        }
    }

    unsafe fn remove_at(&mut self, path: &Path) {
        self.len -= 1;
        unsafe {
            for &(inner, at) in &path.steps[..self.height] {
                (*inner).children[at].count -= 1;
            }
            let leaf = path.leaf;
            let len = (*leaf).len as usize;
            close::<f64>((&raw mut (*leaf).scores).cast(), len, path.at);
            close::<Member>((&raw mut (*leaf).members).cast(), len, path.at);
            (*leaf).len -= 1;
            if path.at > 0 && len > LEAF / 4 {
                return;
            }
            self.tidy(path);
        }
    }

    /// After a removal: the border to the left may have gone, and nodes may have become too small.
    #[cold]
    #[inline(never)]
    unsafe fn tidy(&mut self, path: &Path) {
        unsafe {
            let leaf = path.leaf;
            if self.height == 0 {
                if (*leaf).len == 0 {
                    self.node_free(leaf);
                    self.root = ptr::null_mut();
                }
                return;
            }
            let (parent, at) = path.steps[self.height - 1];
            let mut smaller = false;
            if ((*leaf).len as usize) < LEAF / 4 {
                let i = at.saturating_sub(1);
                let (a, b) = (Inner::child::<Leaf>(parent, i), Inner::child::<Leaf>(parent, i + 1));
                let total = ((*a).len + (*b).len) as usize;
                if total <= LEAF * 3 / 4 {
                    Leaf::shift(a, b, total);
                    (*a).next = (*b).next;
                    if let Some(next) = (*a).next.as_mut() {
                        next.prev = a;
                    }
                    self.node_free(b);
                    Inner::remove(parent, i + 1);
                    smaller = true;
                } else {
                    Leaf::shift(a, b, total / 2);
                    Inner::set_border(parent, i + 1, (*b).scores[0], (*b).members[0]);
                    (*parent).children[i + 1].count = (*b).len;
                }
                (*parent).children[i].count = (*a).len;
            } else if at > 0 {
                Inner::set_border(parent, at, (*leaf).scores[0], (*leaf).members[0]);
            }
            if path.at == 0 && at == 0 {
                // The leaf is still there, as the left one of two.
                if let Some(&(inner, at)) = path.steps[..self.height].iter().rev().find(|&&(_, at)| at > 0) {
                    Inner::set_border(inner, at, (*leaf).scores[0], (*leaf).members[0]);
                }
            }
            let mut level = self.height - 1;
            while smaller && level > 0 {
                let (inner, (parent, at)) = (path.steps[level].0, path.steps[level - 1]);
                if (*inner).len as usize >= INNER / 4 {
                    return;
                }
                let i = at.saturating_sub(1);
                let (a, b) = (Inner::child::<Inner>(parent, i), Inner::child::<Inner>(parent, i + 1));
                // The border between the two comes down, because it may not stay first.
                Inner::set_border(b, 0, (*parent).children[i + 1].score, (*parent).members[i + 1]);
                let total = ((*a).len + (*b).len) as usize;
                smaller = total <= INNER * 3 / 4;
                if smaller {
                    Inner::shift(a, b, total);
                    self.node_free(b);
                    Inner::remove(parent, i + 1);
                } else {
                    Inner::shift(a, b, total / 2);
                    Inner::set_border(parent, i + 1, (*b).children[0].score, (*b).members[0]);
                    (*parent).children[i + 1].count = Inner::total(b, (*b).len as usize);
                }
                (*parent).children[i].count = Inner::total(a, (*a).len as usize);
                level -= 1;
            }
            let root = self.root.cast::<Inner>();
            if (*root).len == 1 {
                self.root = (*root).children[0].node;
                self.height -= 1;
                self.node_free(root);
            }
        }
    }

    /// Gives a member of the tree another score.
    pub fn rescore(&mut self, old: f64, member: Member, score: f64) {
        let mut path = self.descend_to(old, member.bytes());
        unsafe {
            path.at -= 1;
            let (leaf, at) = (path.leaf, path.at);
            debug_assert!((*leaf).members[at] == member);
            // Often it stays between its neighbours.
            let ordered = |a: usize, new: bool| {
                let other = (*leaf).scores[a];
                if new { score < other } else { other < score }
            };
            if at > 0 && at + 1 < (*leaf).len as usize && ordered(at - 1, false) && ordered(at + 1, true) {
                (*leaf).scores[at] = score;
                return;
            }
            self.remove_at(&path);
        }
        self.insert(score, member);
    }

    unsafe fn free_below(&mut self, node: *mut u8, height: usize) {
        unsafe {
            if height == 0 {
                return self.node_free(node.cast::<Leaf>());
            }
            let inner = node.cast::<Inner>();
            for i in 0..(*inner).len as usize {
                self.free_below((*inner).children[i].node, height - 1);
            }
            self.node_free(inner);
        }
    }

    /// Forgets all elements; the members themselves are their owner's.
    /// Frees a part; whether there is more. As long as there is, nothing else may be done with the tree, but to drop it.
    pub fn shed(&mut self) -> bool {
        if self.height > 0 {
            let root = self.root.cast::<Inner>();
            // SAFETY: the root is an inner node, and what is below its last child is reached no other way.
            unsafe {
                (*root).len -= 1;
                self.free_below((*root).children[(*root).len as usize].node, self.height - 1);
                if (*root).len > 0 {
                    return true;
                }
            }
        }
        self.clear();
        false
    }

    pub fn clear(&mut self) {
        if !self.root.is_null() {
            unsafe { self.free_below(self.root, self.height) };
            debug_assert_eq!(self.bytes, 0);
            (self.root, self.height, self.len) = (ptr::null_mut(), 0, 0);
        }
    }
}

impl Drop for Ranked {
    fn drop(&mut self) {
        self.clear();
    }
}

#[cfg(test)]
mod tests;
