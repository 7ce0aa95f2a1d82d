//! Finds rows by name: one open-addressed table over all commands, made once an engine, and a walk of the few
//! subcommands of a container. Names are compared without regard to case.

use super::row::{Cmd, Group};
use crate::commands::GROUPS;

/// All rows and where they are.
pub struct Table {
    /// Every row, a container's subcommands behind it. The number of a row is its place here.
    rows: Vec<Row>,
    /// Row numbers + 1 of commands, by the hash of their name; 0 is free.
    slots: Vec<u16>,
}

/// A row and what follows from where it stands.
#[derive(Clone, Copy)]
pub struct Row {
    pub cmd: &'static Cmd,
    pub group: Group,
    /// The row number of its container.
    pub container: Option<u16>,
}

fn slot(name: &[u8]) -> usize {
    name.iter().fold(name.len() as u32, |h, &b| (h ^ (b | 0x20) as u32).wrapping_mul(0x0100_0193)) as usize
}

impl Default for Table {
    fn default() -> Table {
        let mut rows = Vec::new();
        for (group, cmds) in GROUPS {
            for cmd in cmds.iter() {
                let container = (!cmd.subs.is_empty()).then_some(rows.len() as u16);
                rows.push(Row { cmd, group: *group, container: None });
                rows.extend(cmd.subs.iter().map(|sub| Row { cmd: sub, group: *group, container }));
            }
        }
        let mut slots = vec![0u16; (rows.len() * 4).next_power_of_two()];
        for (number, row) in rows.iter().enumerate().filter(|(_, row)| row.container.is_none()) {
            let mut at = slot(row.cmd.title().as_bytes());
            while slots[at & (slots.len() - 1)] != 0 {
                at += 1;
            }
            let mask = slots.len() - 1;
            slots[at & mask] = number as u16 + 1;
        }
        Table { rows, slots }
    }
}

/// What a name (and the word after it) stand for.
pub enum Found {
    Row(usize),
    /// There is no such command.
    Nothing,
    /// The container is there, a subcommand of that name is not.
    NoSubcommand,
}

impl Table {
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    pub fn row(&self, number: usize) -> Row {
        self.rows[number]
    }

    /// The number of a command's row.
    #[inline]
    pub fn command(&self, name: &[u8]) -> Option<usize> {
        let mask = self.slots.len() - 1;
        let mut at = slot(name);
        loop {
            let number = (self.slots[at & mask] as usize).checked_sub(1)?;
            if self.rows[number].cmd.title().as_bytes().eq_ignore_ascii_case(name) {
                return Some(number);
            }
            at += 1;
        }
    }

    /// The row for a name and, if the command is a container, for the word behind it. A container alone is its own row.
    #[inline]
    pub fn find(&self, name: &[u8], second: Option<&[u8]>) -> Found {
        let Some(number) = self.command(name) else { return Found::Nothing };
        match second {
            Some(second) if !self.rows[number].cmd.subs.is_empty() => match self.subcommand(number, second) {
                Some(number) => Found::Row(number),
                None => Found::NoSubcommand,
            },
            _ => Found::Row(number),
        }
    }

    fn subcommand(&self, container: usize, name: &[u8]) -> Option<usize> {
        let subs = self.rows[container].cmd.subs;
        let place = subs.iter().position(|sub| sub.own_name().as_bytes().eq_ignore_ascii_case(name))?;
        Some(container + 1 + place)
    }

    /// The row of a name as COMMAND INFO has it: `get`, or `config|get`.
    pub fn by_full_name(&self, name: &[u8]) -> Option<usize> {
        let mut words = name.splitn(2, |&b| b == b'|');
        match (words.next(), words.next()) {
            (Some(first), Some(second)) => self.subcommand(self.command(first)?, second),
            (Some(first), None) => self.command(first),
            _ => None,
        }
    }
}
