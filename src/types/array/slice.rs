//! 4096 neighbouring positions of an array, of which at least one holds something.
//!
//! ```text
//! dense    cells   | a | b | - | c |          from the first position that holds something to the last
//! sparse   offsets | 7 | 90 | 4001 |          in order
//!          cells   | a | b  | c    |
//! ```
//!
//! A sparse slice takes 10 bytes an element, a dense one 8 a position. It becomes dense where three quarters of the positions between its
//! ends hold something, and sparse again where less than half do.

use super::cell::Cell;
use std::mem::{replace, take};

#[derive(Clone)]
pub struct Slice {
    /// Empty in a dense slice.
    offsets: Vec<u16>,
    /// The first and the last hold something.
    cells: Vec<Cell>,
    /// Where a dense slice begins.
    start: u16,
    /// How many positions hold something.
    used: u16,
}

impl Slice {
    pub fn new(at: u16, cell: Cell) -> Slice {
        Slice { offsets: Vec::new(), cells: vec![cell], start: at, used: 1 }
    }

    pub fn is_dense(&self) -> bool {
        self.offsets.is_empty()
    }

    /// How many positions hold something.
    pub fn used(&self) -> usize {
        self.used as usize
    }

    /// Positions from the first one that holds something to the last.
    pub fn span(&self) -> usize {
        (self.last() - self.first()) as usize + 1
    }

    pub fn first(&self) -> u16 {
        self.offsets.first().copied().unwrap_or(self.start)
    }

    pub fn last(&self) -> u16 {
        self.offsets.last().copied().unwrap_or_else(|| self.start + (self.cells.len() - 1) as u16)
    }

    /// Which cell stands at a position, if there is one; else where one of a sparse slice would.
    fn place(&self, at: u16) -> Result<usize, usize> {
        if self.is_dense() {
            let place = at.wrapping_sub(self.start) as usize;
            if place < self.cells.len() { Ok(place) } else { Err(0) }
        } else {
            self.offsets.binary_search(&at)
        }
    }

    pub fn get(&self, at: u16) -> Option<&Cell> {
        self.cells.get(self.place(at).ok()?).filter(|cell| !cell.is_empty())
    }

    /// The cells from one position to another that hold something, in this or in the other direction, until `show` answers false.
    /// Whether it did not.
    pub fn each(&self, from: u16, to: u16, forward: bool, show: &mut dyn FnMut(u16, &Cell) -> bool) -> bool {
        let (first, last) = (from.max(self.first()), to.min(self.last()));
        if first > last {
            return true;
        }
        let (low, high) = if self.is_dense() {
            ((first - self.start) as usize, (last - self.start) as usize + 1)
        } else {
            (self.offsets.partition_point(|&at| at < first), self.offsets.partition_point(|&at| at <= last))
        };
        (0..high - low).all(|n| {
            let place = if forward { low + n } else { high - 1 - n };
            let at = self.offsets.get(place).copied().unwrap_or(self.start + place as u16);
            let cell = &self.cells[place];
            cell.is_empty() || show(at, cell)
        })
    }

    /// Sets a position, and gives what was there.
    pub fn set(&mut self, at: u16, cell: Cell) -> Cell {
        let place = match self.place(at) {
            Ok(place) => {
                let old = replace(&mut self.cells[place], cell);
                self.used += old.is_empty() as u16;
                return old;
            }
            Err(place) => place,
        };
        self.used += 1;
        if !self.is_dense() {
            self.offsets.insert(place, at);
            self.cells.insert(place, cell);
            if self.span() * 3 <= self.used() * 4 {
                self.make_dense();
            }
            return Cell::EMPTY;
        }
        let (first, last) = (at.min(self.start), at.max(self.last()));
        let span = (last - first) as usize + 1;
        if span > self.used() * 2 {
            self.make_sparse();
            let place = self.offsets.partition_point(|&other| other < at);
            self.offsets.insert(place, at);
            self.cells.insert(place, cell);
        } else if at > self.start {
            self.cells.resize(span - 1, Cell::EMPTY);
            self.cells.push(cell);
        } else {
            let mut cells = Vec::with_capacity(span);
            cells.push(cell);
            cells.resize(span - self.cells.len(), Cell::EMPTY);
            cells.append(&mut self.cells);
            (self.cells, self.start) = (cells, at);
        }
        Cell::EMPTY
    }

    /// Takes out what is at a position. Where nothing is left the slice is to be thrown away.
    pub fn remove(&mut self, at: u16) -> Cell {
        let Ok(place) = self.place(at) else { return Cell::EMPTY };
        let cell = replace(&mut self.cells[place], Cell::EMPTY);
        if !cell.is_empty() {
            self.used -= 1;
            if !self.is_dense() {
                self.offsets.remove(place);
                self.cells.remove(place);
            }
            self.trim();
        }
        cell
    }

    /// Removes all from one position to another, and shows it. Where nothing is left the slice is to be thrown away.
    pub fn remove_range(&mut self, from: u16, to: u16, show: &mut dyn FnMut(&Cell)) {
        let (offsets, mut left) = (take(&mut self.offsets), Vec::new());
        let (start, mut place, mut used) = (self.start, 0, 0);
        self.cells.retain_mut(|cell| {
            let at = offsets.get(place).copied().unwrap_or(start + place as u16);
            place += 1;
            if at < from || at > to {
                used += !cell.is_empty() as u16;
                left.push(at);
                return true;
            }
            if !cell.is_empty() {
                show(cell);
            }
            false
        });
        self.used = used;
        // What is left of a dense slice may have a gap in the middle.
        if offsets.is_empty() && left.windows(2).all(|two| two[1] - two[0] == 1) {
            self.start = left.first().copied().unwrap_or(0);
            self.trim();
        } else {
            self.offsets = left;
            self.drop_empty();
            if used > 0 && self.span() * 3 <= self.used() * 4 {
                self.make_dense();
            }
        }
    }

    /// A sparse slice has no empty cells.
    fn drop_empty(&mut self) {
        let mut full = self.cells.iter().map(|cell| !cell.is_empty());
        self.offsets.retain(|_| full.next().unwrap_or(false));
        self.cells.retain(|cell| !cell.is_empty());
    }

    /// After something went: the ends of a dense slice hold something, and where it holds too little it becomes sparse.
    fn trim(&mut self) {
        if !self.is_dense() {
            return;
        }
        while self.cells.last().is_some_and(Cell::is_empty) {
            self.cells.pop();
        }
        let front = self.cells.iter().take_while(|cell| cell.is_empty()).count();
        self.cells.drain(..front);
        self.start += front as u16;
        if self.used > 0 && self.cells.len() > self.used() * 2 {
            self.make_sparse();
        }
    }

    fn make_sparse(&mut self) {
        self.offsets = (self.start..).take(self.cells.len()).collect();
        self.drop_empty();
        self.offsets.shrink_to_fit();
        self.cells.shrink_to_fit();
    }

    fn make_dense(&mut self) {
        let (start, mut cells) = (self.first(), Vec::with_capacity(self.span()));
        for (at, cell) in take(&mut self.offsets).into_iter().zip(take(&mut self.cells)) {
            cells.resize((at - start) as usize, Cell::EMPTY);
            cells.push(cell);
        }
        (self.start, self.cells) = (start, cells);
    }

    /// Bytes on the heap, without what long strings take.
    pub fn bytes(&self) -> usize {
        self.offsets.capacity() * size_of::<u16>() + self.cells.capacity() * size_of::<Cell>()
    }
}
