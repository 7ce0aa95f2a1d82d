//! The value of a sorted set key: members with scores, in the order of scores, and of bytes where scores are equal.
//!
//! | variant | OBJECT ENCODING | representation |
//! |---|---|---|
//! | `Pack` | listpack | member, score, member, score, ... in order; a score as an integer or as the text that Redis prints |
//! | `Big` | skiplist | a `Dict` from member to score, and the order in a [`Ranked`] tree |
//!
//! A pack becomes `Big` when it would have more than `zset-max-listpack-entries` members, when a command brings more than
//! that, or with a member longer than `zset-max-listpack-value`; never back, but results that are stored anew are packs
//! if they can be. A pack has no minus zero, as in Redis; the other representation has.
//!
//! A member of `Big` is one piece of memory (`Member`), which the Dict owns and the tree refers to:
//!
//! ```text
//! 4 + length     member                    17 bytes for "member:123456" (24 with the allocator's share)
//! 16 * 1.4       Dict: score, reference, and 32 bits of the hash, so that a split needs not visit 64 members
//! 12 * 1.4       tree: score and reference
//! ```
//!
//! The score is in the Dict, and not with the member, so that the way down the tree can begin before the member's bytes
//! have come out of memory.
//!
//! Scores are never NaN: callers see to that. Finding a member is O(n) in a pack, else O(1); all that has to do with ranks
//! is O(log n) there.

use super::Stored;
use super::dict::hashing::{Rng, Seed};
use super::dict::{Dict, Entry};
use super::double;
use super::listpack::{Item, Listpack, MAX_BYTES, Pos};
use super::number::INT_LEN;
use super::pairs::Ordered;
use super::ranked::{Member, Path, Ranked};
use std::ops::Range;

/// When a sorted set becomes big, and what it hashes with then.
#[derive(Clone, Copy)]
pub struct Limits {
    /// `zset-max-listpack-entries`
    pub entries: usize,
    /// `zset-max-listpack-value`
    pub value: usize,
    pub seed: Seed,
}

#[derive(Clone)]
pub struct SortedSet(Repr);

#[derive(Clone)]
enum Repr {
    Pack(Listpack),
    Big(Box<Big>),
}

struct Big {
    members: Dict<Slot>,
    order: Ranked,
}

/// What the Dict holds of a member, which it owns.
#[repr(C, packed(4))]
struct Slot {
    score: f64,
    member: Member,
    top: u32,
}

impl Entry for Slot {
    #[inline(always)]
    fn key(&self) -> &[u8] {
        let member = self.member;
        member.bytes()
    }

    #[inline(always)]
    fn top(&self, _: &Seed) -> u64 {
        (self.top as u64) << 32
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let member = self.member;
        // SAFETY: the Dict owns the member; whoever drops the slot has taken it out of the tree, or drops the tree too.
        unsafe { member.free() }
    }
}

impl Clone for Big {
    fn clone(&self) -> Big {
        let mut copy = Big { members: Dict::new(self.members.seed()), order: Ranked::default() };
        let mut cursor = self.order.at(0);
        while let Some((score, bytes)) = cursor.get() {
            copy.add(copy.members.hash(bytes), bytes, score);
            cursor.next();
        }
        copy
    }
}

// The tree goes by references into what the Dict owns, and never reads them when it is dropped.
impl Big {
    #[inline]
    fn add(&mut self, hash: u64, bytes: &[u8], score: f64) {
        self.add_at(&self.order.descend_to(score, bytes), hash, bytes, score);
    }

    #[inline]
    fn add_at(&mut self, path: &Path, hash: u64, bytes: &[u8], score: f64) {
        let member = Member::new(bytes);
        self.order.insert_at(path, score, member);
        self.members.insert_new_hashed(hash, Slot { score, member, top: (hash >> 32) as u32 });
    }

    #[inline]
    fn find(&self, bytes: &[u8]) -> Option<(f64, Member)> {
        self.members.get(bytes).map(|slot| (slot.score, slot.member))
    }
}

/// A score as a pack has it.
#[inline]
fn score_of(item: Item<'_>) -> f64 {
    match item {
        Item::Int(n) => n as f64,
        // A pack that came from elsewhere may hold anything.
        Item::Str(text) => double::parse(text).unwrap_or(0.0),
    }
}

#[inline]
fn score_at(pack: &Listpack, member: Pos) -> f64 {
    pack.next(member).map_or(0.0, |at| score_of(pack.get(at)))
}

/// What [`SortedSet::each`] shows a member to: member, score. It goes on while that answers true.
pub type Show<'a> = dyn FnMut(Item<'_>, f64) -> bool + 'a;

impl Default for SortedSet {
    fn default() -> SortedSet {
        SortedSet::new()
    }
}

impl SortedSet {
    pub fn new() -> SortedSet {
        SortedSet(Repr::Pack(Listpack::new()))
    }

    /// A big set, whatever will be in it.
    pub fn big(limits: &Limits) -> SortedSet {
        let mut set = SortedSet::new();
        set.become_big(limits);
        set
    }

    /// The same as a pack, if the limits allow that.
    pub fn packed(self, limits: &Limits) -> SortedSet {
        let Repr::Big(big) = &self.0 else { return self };
        let mut bytes = 0;
        let fits = big.order.len() <= limits.entries
            && big.members.iter().all(|slot| {
                let len = slot.key().len();
                bytes += len + 64;
                len <= limits.value && bytes < MAX_BYTES
            });
        if !fits {
            return self;
        }
        let mut pack = Listpack::new();
        let mut text = Vec::new();
        self.each(0, usize::MAX, false, &mut |item, score| {
            item.with_bytes(|member| pack.push_back(member));
            text.clear();
            write_score(score, &mut text);
            pack.push_back(&text);
            true
        });
        SortedSet(Repr::Pack(pack))
    }

    /// A set of these members and scores, in whatever order. The members are different, and there is no part of a pair. However long
    /// they are: only their number makes it big. None where a score is no number.
    pub fn from_pack(pack: Listpack, limits: &Limits) -> Option<SortedSet> {
        let (mut ordered, small) = (true, pack.len() / 2 <= limits.entries);
        let mut before: Option<(f64, Item<'_>)> = None;
        let mut items = pack.iter();
        while let Some((member, score)) = items.next().zip(items.next()) {
            let score = match score {
                Item::Int(score) => score as f64,
                Item::Str(text) => double::parse(text)?,
            };
            ordered &= before.is_none_or(|(low, other)| {
                low < score || low == score && other.bytes(&mut [0; INT_LEN]) < member.bytes(&mut [0; INT_LEN])
            });
            before = Some((score, member));
        }
        let mut set = SortedSet(Repr::Pack(pack));
        if !small || !ordered {
            set.become_big(limits);
            set = if small { set.packed(limits) } else { set };
        }
        Some(set)
    }

    /// The bytes of a listpack.
    pub fn packed_bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Repr::Pack(pack) => Some(pack.bytes()),
            Repr::Big(_) => None,
        }
    }

    /// Whether it is a listpack.
    pub fn is_pack(&self) -> bool {
        matches!(self.0, Repr::Pack(_))
    }

    /// The number of members.
    pub fn len(&self) -> usize {
        match &self.0 {
            Repr::Pack(pack) => pack.len() / 2,
            Repr::Big(big) => big.order.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        match &self.0 {
            Repr::Pack(pack) => pack.is_empty(),
            Repr::Big(big) => big.order.len() == 0,
        }
    }

    /// Prepares for a command that brings so many members: more than the limit make it big right away, new or not.
    pub fn expect(&mut self, members: usize, limits: &Limits) {
        if members > limits.entries {
            self.become_big(limits);
        }
    }

    /// The score of a member.
    pub fn score(&self, member: &[u8]) -> Option<f64> {
        match &self.0 {
            Repr::Pack(pack) => pack.find(member, pack.first(), 1).map(|at| score_at(pack, at)),
            Repr::Big(big) => big.find(member).map(|(score, _)| score),
        }
    }

    /// Shows `decide` the score of a member (None: it is not there); what that answers becomes the score, None leaves all
    /// as it is. `guess` is the score that a member is likely to get.
    ///
    /// In a large set a lookup in the Dict and the way down the tree wait for memory, each for as long as all the rest
    /// takes; with a guess they wait together.
    pub fn update(
        &mut self,
        member: &[u8],
        guess: Option<f64>,
        limits: &Limits,
        decide: &mut dyn FnMut(Option<f64>) -> Option<f64>,
    ) {
        if let Repr::Pack(pack) = &mut self.0 {
            match pack.find(member, pack.first(), 1) {
                Some(at) => {
                    let old = score_at(pack, at);
                    if let Some(score) = decide(Some(old)).filter(|score| score.to_bits() != old.to_bits()) {
                        pack.remove_at(at, 2);
                        pack_insert(pack, member, score);
                    }
                }
                None => {
                    let Some(score) = decide(None) else { return };
                    let big = pack.len() / 2 >= limits.entries
                        || member.len() > limits.value
                        || pack.bytes().len() + member.len() + 64 > MAX_BYTES;
                    if big {
                        self.become_big(limits);
                        return self.update(member, None, limits, &mut |_| Some(score));
                    }
                    pack_insert(pack, member, score);
                }
            }
            return;
        }
        let Repr::Big(big) = &mut self.0 else { return };
        let hash = big.members.hash(member);
        let path = guess.map(|score| {
            big.members.touch(hash);
            (score, big.order.descend_to(score, member))
        });
        match big.members.get_hashed_mut(hash, member) {
            Some(slot) => {
                let old = slot.score;
                if let Some(score) = decide(Some(old)).filter(|score| score.to_bits() != old.to_bits()) {
                    slot.score = score;
                    big.order.rescore(old, slot.member, score);
                }
            }
            None => {
                let Some(score) = decide(None) else { return };
                match path {
                    Some((guess, path)) if guess == score => big.add_at(&path, hash, member, score),
                    _ => big.add(hash, member, score),
                }
            }
        }
    }

    /// Gives a member this score, whether it was there or not.
    pub fn set(&mut self, member: &[u8], score: f64, limits: &Limits) {
        self.update(member, Some(score), limits, &mut |_| Some(score));
    }

    /// Whether the member was there.
    pub fn remove(&mut self, member: &[u8]) -> bool {
        match &mut self.0 {
            Repr::Pack(pack) => match pack.find(member, pack.first(), 1) {
                Some(at) => {
                    pack.remove_at(at, 2);
                    true
                }
                None => false,
            },
            Repr::Big(big) => {
                let Some(slot) = big.members.remove(member) else { return false };
                big.order.remove(slot.score, slot.member);
                true
            }
        }
    }

    /// Removes the members of these ranks. O(n log n) in their number.
    pub fn remove_range(&mut self, ranks: Range<usize>) {
        match &mut self.0 {
            Repr::Pack(pack) => pack.remove_range(ranks.start as i64 * 2, ranks.len() * 2),
            Repr::Big(big) => {
                for _ in ranks.start..ranks.end.min(big.order.len()) {
                    let (score, member) = big.order.element_at(ranks.start);
                    big.order.remove(score, member);
                    big.members.remove(member.bytes());
                }
            }
        }
    }

    /// The rank of a member, and its score.
    pub fn rank(&self, member: &[u8]) -> Option<(usize, f64)> {
        match &self.0 {
            Repr::Pack(pack) => {
                let found = pack.find(member, pack.first(), 1)?;
                let (mut rank, mut at) = (0, pack.first()?);
                while at != found {
                    rank += 1;
                    at = pack.next(pack.next(at)?)?;
                }
                Some((rank, score_at(pack, found)))
            }
            Repr::Big(big) => {
                let (score, found) = big.find(member)?;
                Some((big.order.rank(score, found), score))
            }
        }
    }

    /// How many members have a lower score, or, if `equal`, one that is not higher.
    pub fn count_scores(&self, score: f64, equal: bool) -> usize {
        match &self.0 {
            Repr::Pack(pack) => {
                let below = |item: &Item<'_>| score_of(*item) < score || equal && score_of(*item) == score;
                pack.iter().skip(1).step_by(2).take_while(below).count()
            }
            Repr::Big(big) => big.order.count_scores(score, equal),
        }
    }

    /// How many members in front `below` accepts, in a set whose scores are all equal. It must accept all up to a border, and
    /// none behind it.
    pub fn count_members(&self, below: &dyn Fn(&[u8]) -> bool) -> usize {
        match &self.0 {
            Repr::Pack(pack) => pack.iter().step_by(2).take_while(|member| member.with_bytes(below)).count(),
            Repr::Big(big) => big.order.count(below),
        }
    }

    /// The same from the end: how many members, the last one first, `above` accepts.
    pub fn count_members_back(&self, above: &dyn Fn(&[u8]) -> bool) -> usize {
        match &self.0 {
            Repr::Pack(_) => {
                let mut count = 0;
                self.each(self.len().wrapping_sub(1), usize::MAX, true, &mut |item, _| {
                    let accepted = item.with_bytes(above);
                    count += accepted as usize;
                    accepted
                });
                count
            }
            Repr::Big(big) => big.order.len() - big.order.count(&|member| !above(member)),
        }
    }

    /// Shows up to `count` members from rank `start` on, upwards, or downwards if `reverse`.
    pub fn each(&self, start: usize, count: usize, reverse: bool, show: &mut Show<'_>) {
        match &self.0 {
            Repr::Pack(pack) => {
                let mut next = i64::try_from(start).ok().and_then(|start| pack.seek(start.checked_mul(2)?));
                let mut left = count;
                while let Some(at) = next.filter(|_| left > 0) {
                    if !show(pack.get(at), score_at(pack, at)) {
                        return;
                    }
                    let step = |at| if reverse { pack.prev(at) } else { pack.next(at) };
                    next = step(at).and_then(step);
                    left -= 1;
                }
            }
            Repr::Big(big) => {
                let mut cursor = big.order.at(start);
                for _ in 0..count {
                    match cursor.get() {
                        Some((score, bytes)) if show(Item::Str(bytes), score) => {}
                        _ => return,
                    }
                    if reverse { cursor.prev() } else { cursor.next() }
                }
            }
        }
    }

    /// One step of ZSCAN: shows about `count` members from `cursor` on and returns the cursor to go on with, 0 at the end.
    /// A pack is shown whole, whatever the cursor. The guarantee is that of [`Dict::scan`].
    pub fn scan(&self, cursor: u64, count: usize, show: &mut dyn FnMut(Item<'_>, f64)) -> u64 {
        match &self.0 {
            Repr::Big(big) => big.members.scan(cursor, count, &mut |slot| {
                let member = slot.member;
                show(Item::Str(member.bytes()), slot.score);
            }),
            _ => {
                self.each(0, usize::MAX, false, &mut |item, score| {
                    show(item, score);
                    true
                });
                0
            }
        }
    }

    /// A member, each with the same probability. There must be one.
    pub fn random(&self, rng: &mut Rng, show: &mut Show<'_>) {
        self.each(rng.below(self.len() as u64) as usize, 1, false, show);
    }

    /// Shows `count` different members, all of them when there are no more; each set of them is as likely as any other.
    pub fn sample(&self, count: usize, rng: &mut Rng, show: &mut Show<'_>) {
        let len = self.len();
        if count < len / 3 && matches!(self.0, Repr::Big(_)) {
            // Few of many: draw again what was drawn before.
            let mut drawn = Ordered::default();
            while drawn.len() < count {
                let rank = rng.below(len as u64);
                if drawn.insert((rank, 0u64)) {
                    self.each(rank as usize, 1, false, show);
                }
            }
            return;
        }
        let (mut wanted, mut left) = (count.min(len) as u64, len as u64);
        self.each(0, len, false, &mut |item, score| {
            if rng.below(left) < wanted {
                wanted -= 1;
                show(item, score);
            }
            left -= 1;
            wanted > 0
        });
    }

    fn become_big(&mut self, limits: &Limits) {
        let Repr::Pack(pack) = &self.0 else { return };
        let mut big = Big { members: Dict::new(limits.seed), order: Ranked::default() };
        let mut next = pack.first();
        while let Some(at) = next {
            let score = score_at(pack, at);
            pack.get(at).with_bytes(|bytes| big.add(big.members.hash(bytes), bytes, score));
            next = pack.next(at).and_then(|at| pack.next(at));
        }
        self.0 = Repr::Big(Box::new(big));
    }
}

/// A score as the text that a pack holds.
fn write_score(score: f64, out: &mut Vec<u8>) {
    double::write(score + 0.0, out); // no minus zero
}

/// Puts a new member where it belongs.
fn pack_insert(pack: &mut Listpack, member: &[u8], score: f64) {
    let mut digits = [0; INT_LEN];
    let mut next = pack.first();
    while let Some(at) = next {
        let other = score_at(pack, at);
        if other > score || other == score && pack.get(at).bytes(&mut digits) > member {
            break;
        }
        next = pack.next(at).and_then(|at| pack.next(at));
    }
    let mut text = Vec::new();
    write_score(score, &mut text);
    match next {
        Some(at) => {
            let at = pack.insert_before(at, member);
            pack.insert_after(at, &text);
        }
        None => {
            pack.push_back(member);
            pack.push_back(&text);
        }
    }
}

impl SortedSet {
    /// The same for all sets of the same members and scores.
    pub fn digest(&self, seed: &Seed) -> u64 {
        let mut sum = 0u64;
        self.each(0, usize::MAX, false, &mut |item, score| {
            let score = (score + 0.0).to_bits(); // no minus zero
            sum =
                sum.wrapping_add(item.with_bytes(|bytes| seed.hash(bytes).wrapping_add(score).wrapping_mul(score | 1)));
            true
        });
        sum
    }
}

impl Stored for SortedSet {
    const TYPE: &'static str = "zset";

    /// What OBJECT ENCODING says.
    fn encoding(&self) -> &'static str {
        match &self.0 {
            Repr::Pack(_) => "listpack",
            Repr::Big(_) => "skiplist",
        }
    }

    /// Bytes on the heap, about: exact for a pack; of a big set the members are counted with 16 bytes each.
    fn heap_bytes(&self) -> usize {
        match &self.0 {
            Repr::Pack(pack) => pack.heap_bytes(),
            Repr::Big(big) => {
                size_of::<Big>() + big.members.heap_bytes() + big.order.heap_bytes() + big.order.len() * 28
            }
        }
    }

    fn elements(&self) -> usize {
        self.len()
    }

    /// Frees about so many members; whether there are more. Nothing else may be done with the set from then on.
    fn shed(&mut self, about: usize) -> bool {
        match &mut self.0 {
            Repr::Big(big) => big.members.shed(about) || big.order.shed(),
            _ => false,
        }
    }

    fn is_spent(&self) -> bool {
        self.is_empty()
    }
}

#[cfg(test)]
mod tests;
