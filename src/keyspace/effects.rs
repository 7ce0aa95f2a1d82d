//! What happens to keys, noted down for those who care: watches of transactions, sessions that wait for a key, subscribers of
//! keyspace events. The engine reads the notes after each command. While nobody cares, nothing is noted.

use crate::types::number::{INT_LEN, format_int, leading_int};
use crate::types::small::Small;

/// Classes of keyspace events, one bit each, as `notify-keyspace-events` names them.
pub mod class {
    pub const GENERIC: u32 = 1; // g
    pub const STRING: u32 = 1 << 1; // $
    pub const LIST: u32 = 1 << 2; // l
    pub const SET: u32 = 1 << 3; // s
    pub const HASH: u32 = 1 << 4; // h
    pub const SORTED: u32 = 1 << 5; // z
    pub const EXPIRED: u32 = 1 << 6; // x
    pub const EVICTED: u32 = 1 << 7; // e
    pub const STREAM: u32 = 1 << 8; // t
    pub const MODULE: u32 = 1 << 9; // d
    pub const MISS: u32 = 1 << 10; // m
    pub const NEW: u32 = 1 << 11; // n
    pub const ARRAY: u32 = 1 << 19; // a
    pub const OVERWRITTEN: u32 = 1 << 17; // o
    pub const TYPE_CHANGED: u32 = 1 << 18; // c
    /// The key changed, and there is no event that says so.
    pub const SILENT: u32 = 1 << 12;
    /// Channels named after the key, channels named after the event: K and E.
    pub const KEYSPACE: u32 = 1 << 13;
    pub const KEYEVENT: u32 = 1 << 14;
    /// With another class: no change in the eyes of a transaction that watches the key, or of a session that waits for it.
    pub const QUIET: u32 = 1 << 15;
    /// With another class: the key went or came with its whole database, which is no change in the eyes of those who track it.
    pub const WHOLE: u32 = 1 << 16;
    /// Channels that tell of fields of hashes: named after the key, the event, the key and a field, the event and the key: S, T, I
    /// and V.
    pub const SUBKEYSPACE: u32 = 1 << 20;
    pub const SUBKEYEVENT: u32 = 1 << 21;
    pub const SUBKEYSPACEITEM: u32 = 1 << 22;
    pub const SUBKEYSPACEEVENT: u32 = 1 << 23;
    pub const SUBKEYS: u32 = SUBKEYSPACE | SUBKEYEVENT | SUBKEYSPACEITEM | SUBKEYSPACEEVENT;
    /// All that `A` stands for.
    pub const ALL: u32 = MODULE | (MODULE - 1) | ARRAY;
    /// With another class: the event is published before the change is told to those who track the key, and so are further events of the key
    /// from the same command.
    pub const FIRST: u32 = 1 << 24;
    /// Classes that tell of a change.
    pub const CHANGES: u32 = ALL | SILENT;
}

/// Something that happened to a key.
pub struct Effect {
    pub db: u32,
    pub class: u32,
    pub event: &'static str,
    pub key: Small,
    /// The fields of a hash that it is about, as messages have them: `length:field`, a comma between two. Empty where nobody wants to
    /// know.
    pub fields: Vec<u8>,
}

/// The notes since the engine last looked.
#[derive(Default)]
pub struct Effects {
    /// The classes that somebody cares for.
    pub wanted: u32,
    pub noted: Vec<Effect>,
}

impl Effects {
    #[inline(always)]
    pub fn note(&mut self, db: u32, key: &[u8], class: u32, event: &'static str) {
        if self.wanted & class != 0 {
            self.add(db, key, class, event);
        }
    }

    /// A key got another value whole, of this type in the place of that one.
    #[cold]
    pub fn note_overwritten(&mut self, db: u32, key: &[u8], old: &str, new: &str) {
        self.note(db, key, class::OVERWRITTEN, "overwritten");
        if old != new {
            self.note(db, key, class::TYPE_CHANGED, "type_changed");
        }
    }

    /// Somebody wants to know which fields of hashes change.
    #[inline(always)]
    pub fn names_fields(&self) -> bool {
        self.wanted & class::SUBKEYS != 0
    }

    /// Says of the event that was noted last, which is about a hash, which fields it is about.
    #[inline(always)]
    pub fn name_fields(&mut self, fields: &mut dyn Iterator<Item = &[u8]>) {
        if self.names_fields() {
            self.add_fields(fields);
        }
    }

    #[cold]
    fn add_fields(&mut self, fields: &mut dyn Iterator<Item = &[u8]>) {
        let Some(last) = self.noted.last_mut() else { return };
        for field in fields {
            if !last.fields.is_empty() {
                last.fields.push(b',');
            }
            write_counted(field, &mut last.fields);
        }
    }

    #[cold]
    fn add(&mut self, db: u32, key: &[u8], class: u32, event: &'static str) {
        self.noted.push(Effect { db, class, event, key: Small::new(key), fields: Vec::new() });
    }
}

/// Appends `length:bytes`.
pub fn write_counted(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(format_int(bytes.len() as i64, &mut [0; INT_LEN]));
    out.push(b':');
    out.extend_from_slice(bytes);
}

/// The fields of an [`Effect`], one by one.
pub fn each_field(mut fields: &[u8], show: &mut dyn FnMut(&[u8])) {
    while let Some(colon) = fields.iter().position(|&b| b == b':') {
        let len = leading_int(&fields[..colon]) as usize;
        let rest = &fields[colon + 1..];
        show(&rest[..len]);
        fields = rest.get(len + 1..).unwrap_or_default();
    }
}
