//! By what Valkey's CLIENT LIST and CLIENT KILL pick connections: each filter once or, but for three, in the negative with NOT- before
//! its name; everything that is given must hold.

use super::client::{ClientType, client_type, flags};
use crate::exec::Ctx;
use crate::resp::args::{Args, Word};
use crate::resp::error::{Error, quoted};
use crate::server::session::Session;
use crate::types::number::parse_int;

/// In the order of their names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Id,
    Addr,
    Laddr,
    User,
    Type,
    Name,
    Ip,
    Flags,
    LibName,
    LibVer,
    Db,
    Capa,
    Idle,
    MaxAge,
    SkipMe,
}

const NAMES: [(&str, Kind); 15] = [
    ("ID", Kind::Id),
    ("ADDR", Kind::Addr),
    ("LADDR", Kind::Laddr),
    ("USER", Kind::User),
    ("TYPE", Kind::Type),
    ("NAME", Kind::Name),
    ("IP", Kind::Ip),
    ("FLAGS", Kind::Flags),
    ("LIB-NAME", Kind::LibName),
    ("LIB-VER", Kind::LibVer),
    ("DB", Kind::Db),
    ("CAPA", Kind::Capa),
    ("IDLE", Kind::Idle),
    ("MAXAGE", Kind::MaxAge),
    ("SKIPME", Kind::SkipMe),
];

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
    /// Reads the rest of the arguments. `skip_me` is what holds where SKIPME is not given.
    pub fn parse(cx: &Ctx<'_>, args: Args<'a>, skip_me: bool) -> Result<Filters<'a>, Error> {
        let mut filters: Vec<Filter<'a>> = Vec::new();
        let mut opts = args.options(2);
        while let Some(word) = opts.next() {
            let named = |word: Word<'_>| NAMES.iter().find(|(name, _)| word.is(name)).map(|(_, kind)| *kind);
            let negative = word.0.len() > 4 && word.0[..4].eq_ignore_ascii_case(b"not-");
            let kind = named(if negative { Word(&word.0[4..]) } else { word });
            let kind = kind.filter(|kind| !(negative && *kind as u8 >= Kind::Idle as u8)).ok_or(Error::Syntax)?;
            let value = opts.value()?;
            let mut filter = Filter { kind, negative, value, number: 0, kind_of_client: None, ids: Vec::new() };
            filter.read(cx)?;
            while kind == Kind::Id
                && let Some(id) = args.get(opts.position()).and_then(parse_int)
            {
                filter.ids.push(positive(id, Error::Fixed("ERR client-id should be greater than 0"))?);
                opts.value()?;
            }
            filters.retain(|other| (other.kind, other.negative) != (kind, negative));
            filters.push(filter);
        }
        if skip_me && !filters.iter().any(|filter| filter.kind == Kind::SkipMe) {
            let (kind, negative, value) = (Kind::SkipMe, false, &b"yes"[..]);
            filters.push(Filter { kind, negative, value, number: 1, kind_of_client: None, ids: Vec::new() });
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

impl Filter<'_> {
    fn read(&mut self, cx: &Ctx<'_>) -> Result<(), Error> {
        let value = self.value;
        let shown = || quoted(value, usize::MAX);
        let number = |other| parse_int(value).ok_or(other);
        match self.kind {
            Kind::Id => {
                let id = number(Error::Syntax)?;
                self.ids.push(positive(id, Error::Fixed("ERR client-id should be greater than 0"))?);
            }
            Kind::User if cx.server.users.get(value).is_none() => {
                return Err(Error::quoting(&[b"ERR No such user '", shown(), b"'"]));
            }
            Kind::Type if value.eq_ignore_ascii_case(b"primary") => self.kind_of_client = Some(ClientType::Other),
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
