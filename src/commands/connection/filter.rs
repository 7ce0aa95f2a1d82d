//! By what CLIENT KILL picks connections, and Valkey's CLIENT LIST; everything that is given must hold. Valkey has more filters, each of them, but
//! for three, also in the negative, with NOT- before its name, and takes several ids.

use super::client::{ClientType, client_type, flags};
use crate::exec::Ctx;
use crate::resp::args::{Args, Word};
use crate::resp::dialect::Dialect;
use crate::resp::error::{Error, quoted};
use crate::server::session::Session;
use crate::types::number::parse_int;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    Addr,
    Laddr,
    User,
    Type,
    MaxAge,
    SkipMe,
    Name,
    Ip,
    Flags,
    LibName,
    LibVer,
    Db,
    Capa,
    Idle,
}

const NAMES: [(&str, Kind); 15] = [
    ("ID", Kind::Id),
    ("ADDR", Kind::Addr),
    ("LADDR", Kind::Laddr),
    ("USER", Kind::User),
    ("TYPE", Kind::Type),
    ("MAXAGE", Kind::MaxAge),
    ("SKIPME", Kind::SkipMe),
    ("NAME", Kind::Name),
    ("IP", Kind::Ip),
    ("FLAGS", Kind::Flags),
    ("LIB-NAME", Kind::LibName),
    ("LIB-VER", Kind::LibVer),
    ("DB", Kind::Db),
    ("CAPA", Kind::Capa),
    ("IDLE", Kind::Idle),
];
/// How many of them Redis has, from the first on.
const OF_REDIS: usize = 7;
/// These have no negative.
const POSITIVE: [Kind; 3] = [Kind::Idle, Kind::MaxAge, Kind::SkipMe];

/// The letters that a connection's flags can have.
const FLAGS: &[u8] = b"AbBcdDeEiIMNOPrRStTuUx";

struct Filter<'a> {
    kind: Kind,
    negative: bool,
    value: &'a [u8],
    /// The value, where it is a number.
    number: i64,
    kind_of_client: Option<ClientType>,
    ids: Vec<i64>,
}

/// All that was given. The last of a kind counts.
pub struct Filters<'a>(Vec<Filter<'a>>);

impl<'a> Filters<'a> {
    /// Those of this address.
    pub fn addr(addr: &'a [u8]) -> Filters<'a> {
        Filters(vec![Filter::new(Kind::Addr, false, addr)])
    }

    /// Reads the rest of the arguments. `skip_me` is what holds where SKIPME is not given.
    pub fn parse(cx: &Ctx<'_>, args: Args<'a>, skip_me: bool) -> Result<Filters<'a>, Error> {
        let valkey = cx.server.dialect == Dialect::Valkey;
        let known = if valkey { &NAMES[..] } else { &NAMES[..OF_REDIS] };
        let mut filters: Vec<Filter<'a>> = Vec::new();
        let mut opts = args.options(2);
        while let Some(word) = opts.next() {
            let negative = valkey && word.0.len() > 4 && word.0[..4].eq_ignore_ascii_case(b"not-");
            let name = if negative { Word(&word.0[4..]) } else { word };
            let kind = known.iter().find(|(known, _)| name.is(known)).map(|(_, kind)| *kind);
            let kind = kind.filter(|kind| !(negative && POSITIVE.contains(kind))).ok_or(Error::Syntax)?;
            // In Valkey as many ids as there are, not even one.
            let ids = valkey && kind == Kind::Id && args.len() > 3;
            let mut filter = Filter::new(kind, negative, if ids { b"" } else { opts.value()? });
            if !ids {
                filter.read(cx)?;
            }
            while ids && let Some(id) = args.get(opts.position()).and_then(parse_int) {
                filter.ids.push(positive(id, Error::ClientId)?);
                opts.value()?;
            }
            filters.retain(|other| (other.kind, other.negative) != (kind, negative));
            filters.push(filter);
        }
        if skip_me && !filters.iter().any(|filter| filter.kind == Kind::SkipMe) {
            filters.push(Filter { number: 1, ..Filter::new(Kind::SkipMe, false, b"yes") });
        }
        Ok(Filters(filters))
    }

    /// Whether `me` is told of this session, or ends it.
    pub fn pick(&self, session: &Session, me: &Session, now: i64) -> bool {
        self.0.iter().all(|filter| filter.holds(session, me, now) != filter.negative)
    }
}

fn positive(number: i64, other: Error) -> Result<i64, Error> {
    if number > 0 { Ok(number) } else { Err(other) }
}

impl<'a> Filter<'a> {
    fn new(kind: Kind, negative: bool, value: &'a [u8]) -> Filter<'a> {
        Filter { kind, negative, value, number: 0, kind_of_client: None, ids: Vec::new() }
    }

    /// Understands the value.
    fn read(&mut self, cx: &Ctx<'_>) -> Result<(), Error> {
        let (value, valkey) = (self.value, cx.server.dialect == Dialect::Valkey);
        let shown = || quoted(value, usize::MAX);
        let number = |other| parse_int(value).ok_or(other);
        match self.kind {
            Kind::Id => {
                self.ids.push(positive(number(Error::ClientId)?, Error::ClientId)?);
            }
            Kind::User if cx.server.users.get(value).is_none() => {
                return Err(Error::quoting(&[b"ERR No such user '", shown(), b"'"]));
            }
            Kind::Type if valkey && value.eq_ignore_ascii_case(b"primary") => {
                self.kind_of_client = Some(ClientType::Other)
            }
            Kind::Type => self.kind_of_client = Some(client_type(value)?),
            Kind::Flags if !value.iter().all(|flag| FLAGS.contains(flag)) => {
                return Err(Error::quoting(&[b"ERR Unknown flags found in the provided filter: ", shown()]));
            }
            Kind::Capa if !value.iter().all(|&capa| capa == b'r') => {
                return Err(Error::quoting(&[b"ERR Unknown capa found in the provided filter: ", shown()]));
            }
            Kind::Db => {
                self.number = number(Error::Fixed("ERR DB is not an integer or out of range"))?;
                let most = cx.db.databases().len() as i64 - 1;
                if !(0..=most).contains(&self.number) {
                    let most = most.to_string();
                    return Err(Error::quoting(&[b"ERR DB number should be between 0 and ", most.as_bytes()]));
                }
            }
            Kind::Idle => {
                let idle = number(Error::Fixed("ERR idle is not an integer or out of range"))?;
                self.number = positive(idle, Error::Fixed("ERR idle should be greater than 0"))?;
            }
            Kind::MaxAge => self.number = positive(number(Error::MaxAge)?, Error::MaxAgePositive)?,
            Kind::SkipMe => {
                self.number = match () {
                    _ if Word(value).is("YES") => 1,
                    _ if Word(value).is("NO") => 0,
                    _ => return Err(Error::Syntax),
                };
            }
            _ => {}
        }
        Ok(())
    }

    fn holds(&self, session: &Session, me: &Session, now: i64) -> bool {
        let value = self.value;
        match self.kind {
            Kind::Id => self.ids.contains(&(session.id as i64)),
            Kind::Addr => session.addr.as_bytes() == value,
            Kind::Laddr => session.laddr.as_bytes() == value,
            Kind::User => session.user == value,
            Kind::Type => self.kind_of_client == Some(ClientType::of(session)),
            // What was not told is not even empty.
            Kind::Name => !value.is_empty() && session.name == value,
            Kind::Ip => session.addr.rsplit_once(':').map_or("", |(ip, _)| ip).as_bytes() == value,
            Kind::Flags => {
                let flags = flags(session);
                value.iter().all(|flag| flags.as_bytes().contains(flag))
            }
            Kind::LibName => !value.is_empty() && session.lib_name == value,
            Kind::LibVer => !value.is_empty() && session.lib_ver == value,
            Kind::Db => session.db as i64 == self.number,
            Kind::Capa => value.is_empty() || session.follows_redirects,
            Kind::Idle => (now - session.active) / 1000 >= self.number,
            Kind::MaxAge => (now - session.opened) / 1000 >= self.number,
            Kind::SkipMe => self.number == 0 || session.id != me.id,
        }
    }
}
