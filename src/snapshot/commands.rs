//! Values as commands: the shortest that make the same again, in pieces.

use super::{Progress, Writer};
use crate::keyspace::{Entry, NEVER, Value};
use crate::rdb::Form;
use crate::rdb::payload::dump;
use crate::resp::write::{argument, command, length};
use crate::types::array::LAST;
use crate::types::copy::{append, grow};
use crate::types::double;
use crate::types::listpack::Item;
use crate::types::number::{INT_LEN, format_int, format_uint};
use crate::types::pairs::{self, Pair};
use crate::types::stream::group::Group;
use crate::types::stream::producers::Memory;
use crate::types::stream::{ID_LEN, Id, Stream};

/// Elements of one command, as in Redis.
const BATCH: usize = 64;

/// What is written and was not taken yet.
#[derive(Default)]
pub struct Commands {
    bytes: Vec<u8>,
    /// The database that was named last.
    db: Option<usize>,
    /// A slice with so many bytes is full.
    full: usize,
    /// There was no memory for something.
    failed: bool,
}

/// Whether there is no room for a command.
fn out_of_room(out: &mut Vec<u8>, args: &[&[u8]]) -> bool {
    let total: usize = args.iter().map(|arg| arg.len() + 16).sum();
    out.capacity() - out.len() < total + 64 && !grow(out, total + 64)
}

impl Commands {
    /// Goes on behind what is in a slice that is full with so many bytes. `failed`: there was no memory for something in it.
    pub(super) fn behind(bytes: Vec<u8>, full: usize, failed: bool) -> Commands {
        Commands { bytes, db: None, full, failed }
    }
}

impl Writer for Commands {
    fn limit(&mut self, bytes: usize) {
        self.full = bytes;
    }

    fn is_full(&self) -> bool {
        self.failed || self.bytes.len() >= self.full
    }

    fn has_failed(&self) -> bool {
        self.failed
    }

    fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    fn library(&mut self, source: &[u8]) {
        self.command(&[b"FUNCTION", b"LOAD", source]);
    }

    /// Writes the commands that make one key, in its database, until the slice is full; whether it is whole.
    fn entry(&mut self, db: usize, key: &[u8], entry: &Entry, now: i64, progress: &mut Progress) -> bool {
        if self.is_full() {
            return false;
        }
        let mut digits = [0; INT_LEN];
        if self.db != Some(db) {
            self.db = Some(db);
            self.command(&[b"SELECT", format_int(db as i64, &mut digits)]);
        }
        let deadline = (entry.deadline() != NEVER).then(|| format_int(entry.deadline() as i64, &mut digits));
        let whole = match entry.value() {
            Value::Str(value) => {
                let mut number = [0; INT_LEN];
                let value = value.bytes(&mut number);
                match deadline {
                    None => self.command(&[b"SET", key, value]),
                    Some(deadline) => self.command(&[b"SET", key, value, b"PXAT", deadline]),
                }
                return true;
            }
            Value::List(list) => {
                let mut batch = Batch::new(self, b"RPUSH", key);
                for item in list.iter(progress.cursor as usize, true) {
                    batch.item(item);
                    progress.cursor += 1;
                    if batch.end_element() {
                        break;
                    }
                }
                batch.flush();
                progress.cursor == list.len() as u64
            }
            Value::Set(set) => self.walk(progress, &mut |out, cursor| {
                let mut batch = Batch::new(out, b"SADD", key);
                let next = set.scan(cursor, BATCH, &mut |item| {
                    batch.item(item);
                    batch.end_element();
                });
                batch.flush();
                next
            }),
            Value::Sorted(set) => {
                let mut batch = Batch::new(self, b"ZADD", key);
                let mut score = Vec::new();
                set.each(progress.cursor as usize, usize::MAX, false, &mut |item, value| {
                    score.clear();
                    double::write(value, &mut score);
                    batch.bytes(&score);
                    batch.item(item);
                    progress.cursor += 1;
                    !batch.end_element()
                });
                batch.flush();
                progress.cursor == set.len() as u64
            }
            Value::Hash(fields) => self.walk(progress, &mut |out, cursor| {
                let (mut expiring, mut fits) = (Vec::new(), true);
                let mut batch = Batch::new(out, b"HSET", key);
                let next = fields.scan(cursor, BATCH, &mut |(field, value, deadline)| {
                    if deadline <= now {
                        return;
                    }
                    batch.item(field);
                    batch.item(value);
                    batch.end_element();
                    if deadline != crate::types::hash::NEVER {
                        let (mut digits, mut number) = ([0; INT_LEN], [0; INT_LEN]);
                        let deadline = format_int(deadline, &mut digits);
                        let args = [b"HPEXPIREAT", key, deadline, b"FIELDS", b"1", field.bytes(&mut number)];
                        if out_of_room(&mut expiring, &args) {
                            fits = false;
                            return;
                        }
                        command(&mut expiring, &args);
                    }
                });
                batch.flush();
                out.append(&expiring);
                out.failed |= !fits;
                next
            }),
            Value::Stream(value) => stream(self, key, value, progress),
            Value::Array(array) => {
                let (mut batch, mut whole) = (Batch::new(self, b"ARMSET", key), true);
                if progress.cursor <= LAST {
                    array.each(progress.cursor, LAST, &mut |index, item| {
                        batch.bytes(format_uint(index, &mut [0; INT_LEN]));
                        batch.item(item);
                        progress.cursor = index + 1;
                        whole = !batch.end_element();
                        whole
                    });
                }
                batch.flush();
                if whole && array.next() > 0 {
                    self.command(&[b"ARSEEK", key, format_uint(array.next(), &mut [0; INT_LEN])]);
                }
                whole
            }
            // Whole, and in one slice, however large it is: neighbours cannot be told one by one.
            Value::Vectors(_) => {
                match dump(entry.value(), false, Form::Common) {
                    Some(payload) => self.command(&[b"RESTORE", key, b"0", &payload]),
                    None => self.failed = true,
                }
                true
            }
        };
        if let Some(deadline) = deadline.filter(|_| whole) {
            self.command(&[b"PEXPIREAT", key, deadline]);
        }
        whole
    }
}

impl Commands {
    fn command(&mut self, args: &[&[u8]]) {
        self.failed |= out_of_room(&mut self.bytes, args);
        if !self.failed {
            command(&mut self.bytes, args);
        }
    }

    /// What is written already.
    fn append(&mut self, commands: &[u8]) {
        self.failed = self.failed || !append(&mut self.bytes, commands);
    }

    /// Walks through a table, from cursor to cursor, until the slice is full; whether it has come to the end.
    fn walk(&mut self, progress: &mut Progress, some: &mut dyn FnMut(&mut Commands, u64) -> u64) -> bool {
        loop {
            progress.cursor = some(self, progress.cursor);
            if progress.cursor == 0 || self.is_full() {
                return progress.cursor == 0;
            }
        }
    }
}

/// Commands that share their name and key, each with up to [`BATCH`] elements.
struct Batch<'a> {
    out: &'a mut Commands,
    name: &'a [u8],
    key: &'a [u8],
    tail: Vec<u8>,
    args: usize,
    elements: usize,
}

impl<'a> Batch<'a> {
    fn new(out: &'a mut Commands, name: &'a [u8], key: &'a [u8]) -> Batch<'a> {
        Batch { out, name, key, tail: Vec::new(), args: 0, elements: 0 }
    }

    fn bytes(&mut self, arg: &[u8]) {
        self.args += 1;
        self.out.failed |= out_of_room(&mut self.tail, &[arg]);
        if !self.out.failed {
            argument(&mut self.tail, arg);
        }
    }

    fn item(&mut self, item: Item<'_>) {
        item.with_bytes(|bytes| self.bytes(bytes));
    }

    /// Whether the slice is full.
    fn end_element(&mut self) -> bool {
        self.elements += 1;
        if self.elements == BATCH {
            self.flush();
        }
        self.elements == 0 && self.out.is_full()
    }

    fn flush(&mut self) {
        if self.args == 0 {
            return;
        }
        let out = &mut *self.out;
        out.failed |= out_of_room(&mut out.bytes, &[self.name, self.key, &self.tail]);
        if !out.failed {
            length(&mut out.bytes, b'*', 2 + self.args);
            argument(&mut out.bytes, self.name);
            argument(&mut out.bytes, self.key);
            out.bytes.extend_from_slice(&self.tail);
        }
        self.tail.clear();
        (self.args, self.elements) = (0, 0);
    }
}

/// A stream: its entries, its groups, what is pending, and its counters. Whether it is whole.
///
/// An entry can be pending and deleted at once. No command makes that directly: the entry is added, given, and deleted again;
/// by trimming where it stands before all others, since only XDEL moves the highest id deleted.
fn stream(out: &mut Commands, key: &[u8], stream: &Stream, progress: &mut Progress) -> bool {
    if progress.cursor == 0 && !entries(out, key, stream, progress) {
        return false;
    }
    while let Some(one) = stream.groups().nth(progress.cursor as usize - 1) {
        if !group(out, key, one, progress) {
            return false;
        }
    }
    let mut text = [0; ID_LEN];
    producers(out, key, stream);
    let dead = &progress.dead;
    if !dead.is_empty() && stream.is_empty() {
        out.command(&[b"XTRIM", key, b"MAXLEN", b"0"]);
    } else if let Some(&first) = dead.first() {
        if first < stream.first() {
            out.command(&[b"XTRIM", key, b"MINID", stream.first().write(&mut text)]);
        }
        for id in dead.iter().filter(|&&id| id > stream.first()) {
            out.command(&[b"XDEL", key, id.write(&mut text)]);
        }
    }
    let (mut added, mut deleted) = ([0; INT_LEN], [0; ID_LEN]);
    let added = format_int(stream.added() as i64, &mut added);
    let deleted = stream.max_deleted().write(&mut deleted);
    let last = stream.last().write(&mut text);
    out.command(&[b"XSETID", key, last, b"ENTRIESADDED", added, b"MAXDELETEDID", deleted]);
    true
}

/// What producers have sent; before the entries go that are only there for it.
fn producers(out: &mut Commands, key: &[u8], stream: &Stream) {
    if stream.memory != Memory::default() {
        let (mut duration, mut most) = ([0; INT_LEN], [0; INT_LEN]);
        let duration = format_int(stream.memory.duration as i64, &mut duration);
        let most = format_int(stream.memory.most as i64, &mut most);
        out.command(&[b"XCFGSET", key, b"IDMP-DURATION", duration, b"IDMP-MAXSIZE", most]);
    }
    for producer in stream.producers().into_iter().flat_map(|all| all.iter()) {
        for sent in &producer.sent {
            out.command(&[b"XIDMPRECORD", key, &producer.name, &sent.name, sent.id.write(&mut [0; ID_LEN])]);
        }
    }
}

/// The entries of a stream, and of those that are deleted and still pending something in their place. Whether these are all.
fn entries(out: &mut Commands, key: &[u8], stream: &Stream, progress: &mut Progress) -> bool {
    if progress.id == Id::MIN {
        let pending = stream.groups().flat_map(|group| group.pending().iter().map(|(id, _)| id));
        let sent = stream.producers().into_iter().flat_map(|all| all.iter()).flat_map(|one| one.sent.iter());
        let needed = pending.chain(sent.map(|sent| sent.id).filter(|&id| id <= stream.last()));
        let mut dead: Vec<Pair> = needed.filter(|&id| !stream.contains(id)).map(|id| (id.ms, id.seq)).collect();
        pairs::sort(&mut dead, &Pair::cmp);
        dead.dedup();
        progress.dead = dead.into_iter().map(|(ms, seq)| Id { ms, seq }).collect();
    }
    let mut text = [0; ID_LEN];
    let mut waiting = progress.dead.iter().filter(|&&id| id >= progress.id).peekable();
    let placeholder = |out: &mut Commands, id: Id| {
        out.command(&[b"XADD", key, id.write(&mut [0; ID_LEN]), b"", b""]);
    };
    let mut range = stream.range(progress.id, Id::MAX, false);
    while let Some(id) = range.next() {
        while let Some(&gone) = waiting.next_if(|&&gone| gone < id) {
            placeholder(out, gone);
        }
        let mut batch = Batch::new(out, b"XADD", key);
        batch.bytes(id.write(&mut text));
        range.pairs(&mut |field, value| {
            batch.item(field);
            batch.item(value);
        });
        batch.flush();
        if let Some(next) = id.next().filter(|_| out.is_full()) {
            progress.id = next;
            return false;
        }
    }
    waiting.for_each(|&gone| placeholder(out, gone));
    if stream.is_empty() && progress.dead.is_empty() {
        let id = stream.last().max(Id { ms: 0, seq: 1 });
        out.command(&[b"XADD", key, b"MAXLEN", b"0", id.write(&mut text), b"", b""]);
    }
    (progress.cursor, progress.id) = (1, Id::MIN);
    true
}

/// A group, its consumers, and what is pending. Whether these are all; then the next group follows.
fn group(out: &mut Commands, key: &[u8], group: &Group, progress: &mut Progress) -> bool {
    let (mut text, mut digits, mut number) = ([0; ID_LEN], [0; INT_LEN], [0; INT_LEN]);
    if progress.id == Id::MIN {
        let (last, read) = (group.last.write(&mut text), format_int(group.read, &mut digits));
        out.command(&[b"XGROUP", b"CREATE", key, &group.name, last, b"ENTRIESREAD", read]);
        for consumer in group.consumers() {
            let args: [&[u8]; 5] = [b"XGROUP", b"CREATECONSUMER", key, &group.name, &consumer.name];
            out.command(&args);
        }
    }
    let mut at = group.pending().seek(progress.id);
    while let Some((id, pending)) = group.pending().get_at(at) {
        // What nobody has is given to a consumer without a name, at no time: a replay knows what that means.
        let name = group.owner(pending);
        let (time, count) = (format_int(pending.delivered, &mut digits), format_int(pending.count as i64, &mut number));
        let args: [&[u8]; 12] = [
            b"XCLAIM",
            key,
            &group.name,
            name,
            b"0",
            id.write(&mut text),
            b"TIME",
            time,
            b"RETRYCOUNT",
            count,
            b"FORCE",
            b"JUSTID",
        ];
        out.command(&args);
        if let Some(next) = id.next().filter(|_| out.is_full()) {
            progress.id = next;
            return false;
        }
        at = group.pending().after(at);
    }
    (progress.cursor, progress.id) = (progress.cursor + 1, Id::MIN);
    true
}
