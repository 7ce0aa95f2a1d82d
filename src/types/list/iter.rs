//! The elements of a list, one after the other, from any place and in both directions.

use super::{At, Quick};
use crate::types::listpack::{Item, Listpack, Pos};

/// The place in a node.
pub(super) enum Cursor<'a> {
    Pack(&'a Listpack, Option<Pos>),
    Plain(Option<&'a [u8]>),
}

impl<'a> Cursor<'a> {
    #[inline(always)]
    pub(super) fn next(&mut self, forward: bool) -> Option<Item<'a>> {
        match self {
            Cursor::Pack(pack, pos) => {
                let at = (*pos)?;
                let (item, next) = pack.step(at);
                *pos = if forward { next } else { pack.prev(at) };
                Some(item)
            }
            Cursor::Plain(value) => value.take().map(Item::Str),
        }
    }
}

/// See [`List::iter`].
pub struct Iter<'a> {
    pub(super) cursor: Cursor<'a>,
    pub(super) rest: Option<(&'a Quick, At)>,
    pub(super) forward: bool,
}

impl<'a> Iter<'a> {
    /// Shows up to `count` elements. As `take(count)`, but within a node there is nothing between one and the next.
    pub fn show(mut self, mut count: usize, show: &mut dyn FnMut(Item<'a>)) {
        while count > 0 {
            if let (true, Cursor::Pack(pack, pos)) = (self.forward, &mut self.cursor) {
                while let Some(at) = pos.filter(|_| count > 0) {
                    let (item, next) = pack.step(at);
                    show(item);
                    (*pos, count) = (next, count - 1);
                }
            }
            // What is no such node, and the first element of the next one.
            let Some(item) = (count > 0).then(|| self.next()).flatten() else { return };
            show(item);
            count -= 1;
        }
    }
}

impl<'a> Iterator for Iter<'a> {
    type Item = Item<'a>;

    #[inline]
    fn next(&mut self) -> Option<Item<'a>> {
        loop {
            if let Some(item) = self.cursor.next(self.forward) {
                return Some(item);
            }
            let (quick, at) = self.rest.take()?;
            let at = if self.forward { quick.next(at) } else { quick.prev(at) }?;
            self.cursor = quick.node(at).cursor(self.forward);
            self.rest = Some((quick, at));
        }
    }
}
