//! Values as RDB: what Redis calls dump.rdb, in the version that Redis 8.0 reads, or Valkey.
//!
//! ```text
//! "REDIS0012" | aux fields | libraries | database, how many keys it has | key ... | database ... | 0xFF | CRC-64
//! ```
//!
//! A value is written whole, however large: a slice may be longer than was asked for. Keys that are written before a command changes
//! them stand in the middle of another database's: then databases are named more than once.

use super::{Progress, Writer};
use crate::keyspace::{Entry, Keyspace, NEVER, Order, Scope};
use crate::rdb::crc64::Crc64;
use crate::rdb::file::opcode;
use crate::rdb::payload::LIBRARY;
use crate::rdb::{Form, Packer, value};
use crate::resp::dialect::Identity;
use crate::types::number::{INT_LEN, format_int};

/// What is written and was not taken yet.
pub struct Rdb {
    out: Packer,
    form: Form,
    sum: Crc64,
    /// Of `out`, so many bytes are in the sum.
    summed: usize,
    /// The database that was named last.
    db: Option<usize>,
    /// How many keys, and how many with a deadline, each database had in the beginning; none once that was written.
    sizes: Vec<Option<(usize, usize)>>,
    /// What is remembered of a key's use, if it is written.
    order: Option<Order>,
    rules: crate::keyspace::Rules,
    /// A slice with so many bytes is full.
    full: usize,
    /// A journal stands behind it.
    base: bool,
    ended: bool,
}

impl Rdb {
    /// `identity`: what it is.
    pub fn new(keyspace: &Keyspace, identity: &Identity, compress: bool, base: bool) -> Rdb {
        let is_valkey = identity.name == "valkey";
        let policy = keyspace.access.policy;
        let kept = policy.scope != Scope::Nothing && matches!(policy.order, Order::Lru | Order::Lfu);
        let mut rdb = Rdb {
            out: Packer::new(compress),
            form: if is_valkey { Form::Valkey } else { Form::Common },
            sum: Crc64::default(),
            summed: 0,
            db: None,
            sizes: keyspace.databases().iter().map(|db| Some((db.len(), db.deadlines().len()))).collect(),
            order: kept.then_some(policy.order),
            rules: keyspace.access,
            full: 0,
            base,
            ended: false,
        };
        let (head, name, version) = match is_valkey {
            true => (b"VALKEY080", &b"valkey-ver"[..], identity.version),
            false => (b"REDIS0012", &b"redis-ver"[..], identity.redis),
        };
        rdb.out.raw(head);
        let mut digits = [0; INT_LEN];
        rdb.aux(name, version.text.as_bytes());
        rdb.aux(b"redis-bits", if cfg!(target_pointer_width = "64") { b"64" } else { b"32" });
        rdb.aux(b"ctime", format_int(keyspace.now / 1000, &mut digits));
        rdb.aux(b"used-mem", format_int(crate::allocator::used() as i64, &mut digits));
        rdb.aux(b"aof-base", if base { b"1" } else { b"0" });
        rdb
    }

    fn aux(&mut self, name: &[u8], text: &[u8]) {
        self.out.byte(opcode::AUX);
        self.out.string(name);
        self.out.string(text);
    }

    fn add_up(&mut self) {
        self.sum.add(&self.out.bytes[self.summed..]);
        self.summed = self.out.bytes.len();
    }
}

impl Writer for Rdb {
    fn limit(&mut self, bytes: usize) {
        self.full = bytes;
    }

    fn is_full(&self) -> bool {
        self.out.failed || self.out.bytes.len() >= self.full
    }

    fn has_failed(&self) -> bool {
        self.out.failed
    }

    fn take(&mut self) -> Vec<u8> {
        self.add_up();
        self.summed = 0;
        std::mem::take(&mut self.out.bytes)
    }

    fn library(&mut self, source: &[u8]) {
        self.out.byte(LIBRARY);
        self.out.string(source);
    }

    fn entry(&mut self, db: usize, key: &[u8], entry: &Entry, now: i64, _: &mut Progress) -> bool {
        if self.is_full() {
            return false;
        }
        if self.db != Some(db) {
            self.db = Some(db);
            self.out.byte(opcode::DATABASE);
            self.out.length(db as u64);
            if let Some((keys, deadlines)) = self.sizes.get_mut(db).and_then(Option::take) {
                self.out.byte(opcode::RESIZE);
                self.out.length(keys as u64);
                self.out.length(deadlines as u64);
            }
        }
        if entry.deadline() != NEVER {
            self.out.byte(opcode::DEADLINE);
            self.out.word(entry.deadline());
        }
        match self.order {
            Some(Order::Lfu) => {
                let count = entry.access().frequency(self.rules, now);
                self.out.raw(&[opcode::FREQUENCY, count as u8]);
            }
            Some(_) => {
                self.out.byte(opcode::IDLE);
                self.out.length(entry.access().idle_seconds(now) as u64);
            }
            None => {}
        }
        value(&mut self.out, Some(key), entry.value(), self.form);
        true
    }

    fn stands_alone(&self) -> bool {
        !self.base
    }

    fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        self.out.byte(opcode::END);
        self.add_up();
        self.out.word(self.sum.sum());
    }
}
