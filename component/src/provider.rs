//! `wasi:keyvalue` on an engine's strings. A bucket is a database: `default` is the first one, each other name the next that no bucket has yet,
//! in the order in which they are opened, as long as there are any; a number is the database of that number.
//!
//! Values are what GET and SET have; a key of another type is an error, `WRONGTYPE` and so on, as is whatever else Redis refuses. The interface
//! brings no time: it is the host's wall clock, so keys expire whose deadlines somebody else has set.

use super::exports::wasi::keyvalue::atomics::{self, Cas, CasError};
use super::exports::wasi::keyvalue::batch;
use super::exports::wasi::keyvalue::store::{self, Bucket, BucketBorrow, Error, KeyResponse};
use super::wasi::clocks::wall_clock;
use super::wasi::random::random;
use super::{Component, Held, frame, standard};
use std::cell::RefCell;
use wakey::server::session::SessionId;
use wakey::{Options, SessionOptions};

/// Keys that one page of `list-keys` has, about.
const PAGE: &str = "512";
/// Buckets with names; as many databases as can be.
const DATABASES: usize = 256;

thread_local! {
    static PROVIDER: RefCell<Option<Provider>> = const { RefCell::new(None) };
}

struct Provider {
    held: Held,
    /// The names of buckets, by their databases.
    names: Vec<String>,
}

impl Provider {
    fn new() -> Provider {
        let options = Options { seed: random::get_random_u64(), now: now(), databases: DATABASES, ..standard() };
        Provider { held: Held::new(options), names: vec!["default".into()] }
    }

    /// The database of a bucket.
    fn database(&mut self, name: &str) -> Option<usize> {
        if let Ok(number) = name.parse::<usize>() {
            return (number < DATABASES).then_some(number);
        }
        if let Some(at) = self.names.iter().position(|one| one == name) {
            return Some(at);
        }
        if self.names.len() == DATABASES {
            return None;
        }
        self.names.push(name.into());
        Some(self.names.len() - 1)
    }
}

fn with<T>(work: impl FnOnce(&mut Provider) -> T) -> T {
    PROVIDER.with_borrow_mut(|provider| work(provider.get_or_insert_with(Provider::new)))
}

/// The engine behind the buckets.
pub fn engine() -> Held {
    with(|provider| provider.held.clone())
}

fn now() -> f64 {
    let time = wall_clock::now();
    (time.seconds * 1000 + time.nanoseconds as u64 / 1_000_000) as f64
}

/// A reply of the few kinds that these commands give.
enum Reply {
    None,
    Bytes(Vec<u8>),
    Integer(i64),
    List(Vec<Reply>),
}

/// Reads a reply of RESP3. What is not one of those kinds does not come.
fn read(bytes: &[u8], at: &mut usize) -> Result<Reply, Error> {
    let kind = bytes.get(*at).copied().unwrap_or(b'_');
    let end = bytes[*at..].iter().position(|&byte| byte == b'\r').map_or(bytes.len(), |found| *at + found);
    let line = String::from_utf8_lossy(&bytes[(*at + 1).min(end)..end]).into_owned();
    let number = || line.parse::<i64>().unwrap_or(-1);
    *at = end + 2;
    Ok(match kind {
        b'-' => return Err(Error::Other(line)),
        b':' => Reply::Integer(number()),
        b'+' => Reply::Bytes(line.into_bytes()),
        b'$' if number() >= 0 => {
            let start = *at;
            *at = start + number() as usize + 2;
            Reply::Bytes(bytes[start..*at - 2].to_vec())
        }
        b'*' if number() >= 0 => Reply::List((0..number()).map(|_| read(bytes, at)).collect::<Result<_, _>>()?),
        _ => Reply::None,
    })
}

/// A bucket: a session in its database.
pub struct Opened {
    held: Held,
    session: SessionId,
    database: usize,
}

impl Opened {
    fn new(database: usize) -> Opened {
        let held = engine();
        let options = SessionOptions { resp: 3, trusted: true, ..SessionOptions::default() };
        let session = held.engine().open_session(options);
        let opened = Opened { held, session, database };
        // It is one of those that there are.
        let _ = opened.ask(&[b"SELECT", database.to_string().as_bytes()]);
        opened
    }

    fn ask(&self, words: &[&[u8]]) -> Result<Reply, Error> {
        let words: Vec<Vec<u8>> = words.iter().map(|word| word.to_vec()).collect();
        let mut engine = self.held.engine();
        let now = now();
        if engine.next_deadline() <= now {
            engine.tick(now);
        }
        read(engine.exec(self.session, now, &frame(&words)), &mut 0)
    }

    fn value(&self, key: &str) -> Result<Option<Vec<u8>>, Error> {
        Ok(match self.ask(&[b"GET", key.as_bytes()])? {
            Reply::Bytes(value) => Some(value),
            _ => None,
        })
    }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.held.engine().close_session(self.session);
    }
}

impl store::Guest for Component {
    type Bucket = Opened;

    fn open(identifier: String) -> Result<Bucket, Error> {
        let database = with(|provider| provider.database(&identifier)).ok_or(Error::NoSuchStore)?;
        Ok(Bucket::new(Opened::new(database)))
    }
}

impl store::GuestBucket for Opened {
    fn get(&self, key: String) -> Result<Option<Vec<u8>>, Error> {
        self.value(&key)
    }

    fn set(&self, key: String, value: Vec<u8>) -> Result<(), Error> {
        self.ask(&[b"SET", key.as_bytes(), &value]).map(|_| ())
    }

    fn delete(&self, key: String) -> Result<(), Error> {
        self.ask(&[b"DEL", key.as_bytes()]).map(|_| ())
    }

    fn exists(&self, key: String) -> Result<bool, Error> {
        Ok(matches!(self.ask(&[b"EXISTS", key.as_bytes()])?, Reply::Integer(1)))
    }

    /// Keys of strings whose names are UTF-8: the interface has no others.
    fn list_keys(&self, cursor: Option<String>) -> Result<KeyResponse, Error> {
        let cursor = cursor.unwrap_or_else(|| "0".into());
        let reply = self.ask(&[b"SCAN", cursor.as_bytes(), b"COUNT", PAGE.as_bytes(), b"TYPE", b"string"])?;
        let Reply::List(parts) = reply else { return Ok(KeyResponse { keys: Vec::new(), cursor: None }) };
        let mut parts = parts.into_iter();
        let text = |reply| match reply {
            Reply::Bytes(bytes) => String::from_utf8(bytes).ok(),
            _ => None,
        };
        let cursor = parts.next().and_then(text).filter(|cursor| cursor != "0");
        let keys = match parts.next() {
            Some(Reply::List(keys)) => keys.into_iter().filter_map(text).collect(),
            _ => Vec::new(),
        };
        Ok(KeyResponse { keys, cursor })
    }
}

/// A value as it was.
pub struct Seen {
    bucket: Opened,
    key: String,
    value: Option<Vec<u8>>,
}

impl Seen {
    /// What there is now, in a session of its own: the bucket's may end before.
    fn new(database: usize, key: String) -> Result<Seen, Error> {
        let bucket = Opened::new(database);
        let value = bucket.value(&key)?;
        Ok(Seen { bucket, key, value })
    }
}

impl atomics::GuestCas for Seen {
    fn new(bucket: BucketBorrow<'_>, key: String) -> Result<Cas, Error> {
        Ok(Cas::new(Seen::new(bucket.get::<Opened>().database, key)?))
    }

    fn current(&self) -> Result<Option<Vec<u8>>, Error> {
        Ok(self.value.clone())
    }
}

impl atomics::Guest for Component {
    type Cas = Seen;

    fn increment(bucket: BucketBorrow<'_>, key: String, delta: i64) -> Result<i64, Error> {
        match bucket.get::<Opened>().ask(&[b"INCRBY", key.as_bytes(), delta.to_string().as_bytes()])? {
            Reply::Integer(value) => Ok(value),
            _ => Err(Error::Other("ERR no number".into())),
        }
    }

    fn swap(cas: Cas, value: Vec<u8>) -> Result<(), CasError> {
        let Seen { bucket, key, value: before } = cas.into_inner::<Seen>();
        let mut words: Vec<&[u8]> = vec![b"SET", key.as_bytes(), &value];
        match &before {
            None => words.push(b"NX"),
            Some(before) => words.extend([&b"IFEQ"[..], &before[..]]),
        }
        match bucket.ask(&words).map_err(CasError::StoreError)? {
            Reply::None => {
                Err(CasError::CasFailed(Cas::new(Seen::new(bucket.database, key).map_err(CasError::StoreError)?)))
            }
            _ => Ok(()),
        }
    }
}

impl batch::Guest for Component {
    fn get_many(bucket: BucketBorrow<'_>, keys: Vec<String>) -> Result<Vec<(String, Option<Vec<u8>>)>, Error> {
        let opened = bucket.get::<Opened>();
        keys.into_iter().map(|key| opened.value(&key).map(|value| (key, value))).collect()
    }

    fn set_many(bucket: BucketBorrow<'_>, pairs: Vec<(String, Vec<u8>)>) -> Result<(), Error> {
        let mut words: Vec<&[u8]> = vec![b"MSET"];
        words.extend(pairs.iter().flat_map(|(key, value)| [key.as_bytes(), &value[..]]));
        if pairs.is_empty() { Ok(()) } else { bucket.get::<Opened>().ask(&words).map(|_| ()) }
    }

    fn delete_many(bucket: BucketBorrow<'_>, keys: Vec<String>) -> Result<(), Error> {
        let mut words: Vec<&[u8]> = vec![b"DEL"];
        words.extend(keys.iter().map(|key| key.as_bytes()));
        if keys.is_empty() { Ok(()) } else { bucket.get::<Opened>().ask(&words).map(|_| ()) }
    }
}
