//! Places: members of a sorted set whose scores are geohashes. What they are, and how a search finds them, is in
//! [`crate::types::geohash`].

use crate::commands::shared::results::room_for_result;
use crate::commands::sorted_sets::ranges::store;
use crate::commands::sorted_sets::{Add, add, limits};
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::resp::args::{Args, Word};
use crate::resp::error::{Error, quoted};
use crate::resp::reply::Reply;
use crate::table::spec::{Begin, KeySpec, arg, flags::*, key::*, keys};
use crate::types::double;
use crate::types::geohash::{Area, Place, around, bits, distance, is_within};
use crate::types::number::parse_int;
use crate::types::pairs::{self, Pair};
use crate::types::sorted_set::SortedSet;

pub const TABLE: &[Row] = &[
    cmd("GEOADD key [NX | XX] [CH] longitude latitude member [longitude latitude member ...]", geoadd)
        .write(DENYOOM).key(RW | UPDATE)
        .groups(&["condition", "data"])
        .args(&[arg(4).name("change"), arg(6).kind("double"), arg(7).kind("double")])
        .history(&[("6.2.0", "Added the `CH`, `NX` and `XX` options.")])
        .reply("int")
        .doc("3.2.0", "O(log(N)) for each item added, where N is the number of elements in the sorted set.", "Adds one or more members to a geospatial index. The key is created if it doesn't exist."),
    cmd("GEODIST key member1 member2 [M | KM | FT | MI]", geodist)
        .read(0).key(RO | ACCESS)
        .groups(&["unit"])
        .reply("bulk | null")
        .doc("3.2.0", "O(1)", "Returns the distance between two members of a geospatial index."),
    cmd("GEOHASH key [member [member ...]]", geohash)
        .read(0).key(RO | ACCESS)
        .reply("array of (bulk | null)")
        .doc("3.2.0", "O(1) for each member requested.", "Returns members from a geospatial index as geohash strings."),
    cmd("GEOPOS key [member [member ...]]", geopos)
        .read(0).key(RO | ACCESS)
        .reply("array of ([double double] | null)")
        .doc("3.2.0", "O(1) for each member requested.", "Returns the longitude and latitude of members from a geospatial index."),
    cmd("GEORADIUS key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]", georadius)
        .write(DENYOOM | MOVABLEKEYS)
        .keys_at(1, 1, 1)
        .specs(&[keys(RO | ACCESS, Begin::At(1), KeySpec::ONE), keys(OW | UPDATE, Begin::Behind("STORE", 6), KeySpec::ONE), keys(OW | UPDATE, Begin::Behind("STOREDIST", 6), KeySpec::ONE)])
        .deprecated("6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument")
        .groups(&["unit", "count-block", "order", "store"])
        .args(&[arg(1).kind("double"), arg(2).kind("double"), arg(3).kind("double"), arg(12).lead(), arg(19).name("storekey").display("key"), arg(20).name("storedistkey").display("key")])
        .history(&[("6.2.0", "Added the `ANY` option for `COUNT`."), ("7.0.0", "Added support for uppercase unit names.")])
        .reply("array of any | int")
        .doc("3.2.0", "O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.", "Queries a geospatial index for members within a distance from a coordinate, optionally stores the result."),
    cmd("GEORADIUS_RO key longitude latitude radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]", georadius_ro)
        .read(0).key(RO | ACCESS)
        .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` argument")
        .groups(&["unit", "count-block", "order"])
        .args(&[arg(1).kind("double"), arg(2).kind("double"), arg(3).kind("double"), arg(12).lead()])
        .history(&[("6.2.0", "Added the `ANY` option for `COUNT`."), ("7.0.0", "Added support for uppercase unit names.")])
        .reply("array of any")
        .doc("3.2.10", "O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.", "Returns members from a geospatial index that are within a distance from a coordinate."),
    cmd("GEORADIUSBYMEMBER key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC] [STORE key | STOREDIST key]", georadiusbymember)
        .write(DENYOOM | MOVABLEKEYS)
        .keys_at(1, 1, 1)
        .specs(&[keys(RO | ACCESS, Begin::At(1), KeySpec::ONE), keys(OW | UPDATE, Begin::Behind("STORE", 5), KeySpec::ONE), keys(OW | UPDATE, Begin::Behind("STOREDIST", 5), KeySpec::ONE)])
        .deprecated("6.2.0", "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments")
        .groups(&["unit", "count-block", "order", "store"])
        .args(&[arg(2).kind("double"), arg(11).lead(), arg(18).name("storekey").display("key"), arg(19).name("storedistkey").display("key")])
        .history(&[("6.2.0", "Added the `ANY` option for `COUNT`."), ("7.0.0", "Added support for uppercase unit names.")])
        .reply("array of any | int")
        .doc("3.2.0", "O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.", "Queries a geospatial index for members within a distance from a member, optionally stores the result."),
    cmd("GEORADIUSBYMEMBER_RO key member radius <M | KM | FT | MI> [WITHCOORD] [WITHDIST] [WITHHASH] [COUNT count [ANY]] [ASC | DESC]", georadiusbymember_ro)
        .read(0).key(RO | ACCESS)
        .deprecated("6.2.0", "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments")
        .groups(&["unit", "count-block", "order"])
        .args(&[arg(2).kind("double"), arg(11).lead()])
        .history(&[("6.2.0", "Added the `ANY` option for `COUNT`."), ("7.0.0", "Added support for uppercase unit names.")])
        .reply("array of any")
        .doc("3.2.10", "O(N+log(M)) where N is the number of elements inside the bounding box of the circular area delimited by center and radius and M is the number of items inside the index.", "Returns members from a geospatial index that are within a distance from a member."),
    cmd("GEOSEARCH key <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [WITHCOORD] [WITHDIST] [WITHHASH]", geosearch)
        .read(0).key(RO | ACCESS)
        .groups(&["from", "fromlonlat", "by", "circle", "unit", "box", "unit", "order", "count-block"])
        .args(&[arg(4).kind("double"), arg(5).kind("double"), arg(7).lead(), arg(8).kind("double"), arg(14).lead(), arg(15).kind("double"), arg(16).kind("double"), arg(25).lead()])
        .history(&[("7.0.0", "Added support for uppercase unit names.")])
        .reply("array of any")
        .doc("6.2.0", "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape", "Queries a geospatial index for members inside an area of a box or a circle."),
    cmd("GEOSEARCHSTORE destination source <FROMMEMBER member | FROMLONLAT longitude latitude> <BYRADIUS radius <M | KM | FT | MI> | BYBOX width height <M | KM | FT | MI>> [ASC | DESC] [COUNT count [ANY]] [STOREDIST]", geosearchstore)
        .write(DENYOOM).key(OW | UPDATE).key(RO | ACCESS)
        .groups(&["from", "fromlonlat", "by", "circle", "unit", "box", "unit", "order", "count-block"])
        .args(&[arg(5).kind("double"), arg(6).kind("double"), arg(8).lead(), arg(9).kind("double"), arg(15).lead(), arg(16).kind("double"), arg(17).kind("double"), arg(26).lead()])
        .history(&[("7.0.0", "Added support for uppercase unit names.")])
        .reply("int")
        .doc("6.2.0", "O(N+log(M)) where N is the number of elements in the grid-aligned bounding box area around the shape provided as the filter and M is the number of items inside the shape", "Queries a geospatial index for members inside an area of a box or a circle, optionally stores the result."),
];

/// Longitude and latitude from argument `at` on.
fn place(args: Args<'_>, at: usize, valkey: bool) -> Result<Place, Error> {
    let longitude = double::parse_score(args.at(at), valkey).ok_or(Error::NotFloat)?;
    let latitude = double::parse_score(args.at(at + 1), valkey).ok_or(Error::NotFloat)?;
    Place::new(longitude, latitude).ok_or_else(|| {
        let mut text = b"ERR invalid longitude,latitude pair ".to_vec();
        double::write_fixed(longitude, 6, &mut text);
        text.push(b',');
        double::write_fixed(latitude, 6, &mut text);
        Error::Own(text)
    })
}

/// Metres.
fn unit(text: &[u8]) -> Result<f64, Error> {
    let word = Word(text);
    match () {
        _ if word.is("m") => Ok(1.0),
        _ if word.is("km") => Ok(1000.0),
        _ if word.is("ft") => Ok(0.3048),
        _ if word.is("mi") => Ok(1609.34),
        _ => Err(Error::Unit),
    }
}

/// Radius and unit from argument `at` on.
fn circle(args: Args<'_>, at: usize, valkey: bool) -> Result<(Area, f64), Error> {
    let radius = double::parse_score(args.at(at), valkey).ok_or(Error::RadiusNotNumeric)?;
    if radius < 0.0 {
        return Err(Error::RadiusNegative);
    }
    let unit = unit(args.at(at + 1))?;
    Ok((Area::Circle { radius: radius * unit }, unit))
}

/// Width, height and unit from argument `at` on.
fn rectangle(args: Args<'_>, at: usize, valkey: bool) -> Result<(Area, f64), Error> {
    let width = double::parse_score(args.at(at), valkey).ok_or(Error::WidthNotNumeric)?;
    let height = double::parse_score(args.at(at + 1), valkey).ok_or(Error::HeightNotNumeric)?;
    if width < 0.0 || height < 0.0 {
        return Err(Error::SizeNegative);
    }
    let unit = unit(args.at(at + 2))?;
    Ok((Area::Rectangle { width: width * unit, height: height * unit }, unit))
}

/// The number of corners from argument `at` on, and the corners.
fn polygon(args: Args<'_>, at: usize) -> Result<Vec<Place>, Error> {
    let count = parse_int(args.at(at)).filter(|&count| i32::try_from(count).is_ok()).ok_or(Error::Corners)?;
    if count < 3 || count as usize > (args.len() - at - 1) / 2 {
        return Err(Error::CornersFew);
    }
    (0..count as usize).map(|i| place(args, at + 1 + 2 * i, true)).collect()
}

fn geoadd(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut how = Add::default();
    let mut at = 2;
    while let Some(word) = args.get(at).map(Word) {
        let option = match () {
            _ if word.is("NX") => &mut how.nx,
            _ if word.is("XX") => &mut how.xx,
            _ if word.is("CH") => &mut how.ch,
            _ => break,
        };
        *option = true;
        at += 1;
    }
    let count = (args.len() - at) / 3;
    if count == 0 || !(args.len() - at).is_multiple_of(3) || how.nx && how.xx {
        return Err(Error::Syntax);
    }
    let mut scores = Vec::with_capacity(count);
    for i in 0..count {
        scores.push(place(args, at + 3 * i, cx.server.is_valkey())?.score());
    }
    add(cx, args.at(1), count, &|i| (scores[i], args.at(at + 3 * i + 2)), &how)
}

fn geodist(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let unit = match args.len() {
        5 => unit(args.at(4))?,
        4 => 1.0,
        _ => return Err(Error::Syntax),
    };
    let set = cx.db.read::<SortedSet>(args.at(1))?;
    let place = |at: usize| set.and_then(|set| set.score(args.at(at))).map(Place::of_score);
    match (place(2), place(3)) {
        (Some(a), Some(b)) => {
            let mut text = Vec::new();
            double::write_fixed(distance(a, b) / unit, 4, &mut text);
            cx.out.bulk(&text);
        }
        _ => cx.out.null(),
    }
    Ok(())
}

fn geohash(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let set = cx.db.read::<SortedSet>(args.at(1))?;
    cx.out.array(args.len() - 2);
    for member in args.tail(2) {
        match set.and_then(|set| set.score(member)) {
            Some(score) => cx.out.bulk(&Place::of_score(score).text()),
            None => cx.out.null(),
        }
    }
    Ok(())
}

fn geopos(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let valkey = cx.server.is_valkey();
    let set = cx.db.read::<SortedSet>(args.at(1))?;
    cx.out.array(args.len() - 2);
    for member in args.tail(2) {
        match set.and_then(|set| set.score(member)) {
            Some(score) => show_place(cx.out, Place::of_score(score), valkey),
            None => cx.out.null_array(),
        }
    }
    Ok(())
}

fn show_place(out: &mut Reply, place: Place, valkey: bool) {
    out.array(2);
    let write = if valkey { Reply::double_17 } else { Reply::double };
    write(out, place.longitude);
    write(out, place.latitude);
}

/// Which command it is that searches.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// GEORADIUS, and with `_RO` in its name it cannot store.
    Place { store: bool },
    /// GEORADIUSBYMEMBER
    Member { store: bool },
    /// GEOSEARCH and GEOSEARCHSTORE
    Search { store: bool },
}

fn georadius(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    search(cx, args, Form::Place { store: true })
}

fn georadius_ro(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    search(cx, args, Form::Place { store: false })
}

fn georadiusbymember(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    search(cx, args, Form::Member { store: true })
}

fn georadiusbymember_ro(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    search(cx, args, Form::Member { store: false })
}

fn geosearch(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    search(cx, args, Form::Search { store: false })
}

fn geosearchstore(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    search(cx, args, Form::Search { store: true })
}

/// What is to be searched for, and how it is to be shown.
#[derive(Default)]
struct Query<'a> {
    /// None for a member of a key that is not there.
    centre: Option<Place>,
    area: Option<(Area, f64)>,
    /// The corners of what is searched within the area, if that is not all of it. Valkey has it.
    polygon: Vec<Place>,
    with_distance: bool,
    with_hash: bool,
    with_place: bool,
    /// 0: all.
    count: usize,
    any: bool,
    /// Descending if true.
    order: Option<bool>,
    target: Option<&'a [u8]>,
    /// Distances are stored and not scores.
    distances: bool,
}

impl<'a> Query<'a> {
    /// `set` is that under the key, whose place among the arguments is `key`.
    fn parse(
        args: Args<'a>,
        key: usize,
        set: Option<&SortedSet>,
        form: Form,
        valkey: bool,
    ) -> Result<Query<'a>, Error> {
        let mut query = Query::default();
        let member = |at: usize| match set {
            Some(set) => set.score(args.at(at)).map(Place::of_score).map(Some).ok_or_else(|| match valkey {
                true => Error::quoting(&[b"ERR member ", quoted(args.at(at), usize::MAX), b" does not exist"]),
                false => Error::NoPlace,
            }),
            None => Ok(None),
        };
        // From where and how far must be said once by the command, or once by an option.
        let (mut from_member, mut from_place) = (false, false);
        let mut at = key + 1;
        match form {
            Form::Place { .. } => {
                query.centre = Some(place(args, 2, valkey)?);
                query.area = Some(circle(args, 4, valkey)?);
                at = 6;
            }
            Form::Member { .. } => {
                query.centre = member(2)?;
                // Nothing is looked at where there is no key, not even the radius.
                query.area = set.map(|_| circle(args, 3, valkey)).transpose()?;
                at = 5;
            }
            Form::Search { store } => query.target = store.then(|| args.at(1)),
        }
        let searches = matches!(form, Form::Search { .. });
        let mut opts = args.options(at);
        while let Some(opt) = opts.next() {
            let taken = match () {
                _ if opt.is("FROMMEMBER") && opts.left() >= 1 && searches && !from_place => {
                    query.centre = member(opts.position())?;
                    from_member = true;
                    1
                }
                _ if opt.is("FROMLONLAT") && opts.left() >= 2 && searches && !from_member => {
                    query.centre = Some(place(args, opts.position(), valkey)?);
                    from_place = true;
                    2
                }
                _ if opt.is("BYPOLYGON")
                    && valkey
                    && opts.left() >= 1
                    && searches
                    && from_member == from_place
                    && query.area.is_none() == query.polygon.is_empty() =>
                {
                    // It has a middle of its own: neither of the two others may follow.
                    (from_member, from_place) = (true, true);
                    query.polygon = polygon(args, opts.position())?;
                    let (centre, area) = around(&query.polygon);
                    (query.centre, query.area) = (Some(centre), Some((area, 1.0)));
                    1 + 2 * query.polygon.len()
                }
                _ => query.option(opt, args, opts.position(), form, valkey)?,
            };
            for _ in 0..taken {
                opts.value()?;
            }
        }
        let store = form == (Form::Search { store: true });
        if query.target.is_some() && (query.with_distance || query.with_hash || query.with_place) {
            return Err(if searches { Error::SearchStoreWith } else { Error::RadiusStoreWith });
        }
        // Valkey says the name as it was sent.
        let one_of = |which: &str| {
            let name = match (valkey, store) {
                (true, _) => args.at(0),
                (_, true) => b"GEOSEARCHSTORE",
                _ => b"GEOSEARCH",
            };
            Error::quoting(&[b"ERR exactly one of ", which.as_bytes(), b" can be specified for ", name])
        };
        if searches && !from_member && !from_place {
            return Err(one_of("FROMMEMBER or FROMLONLAT"));
        }
        if searches && query.area.is_none() {
            return Err(one_of(if valkey { "BYRADIUS, BYBOX and BYPOLYGON" } else { "BYRADIUS and BYBOX" }));
        }
        if query.any && query.count == 0 {
            return Err(Error::AnyWithoutCount);
        }
        Ok(query)
    }

    /// Takes an option that does not say from where; how many arguments, from `next` on, are its own.
    fn option(&mut self, opt: Word<'a>, args: Args<'a>, next: usize, form: Form, valkey: bool) -> Result<usize, Error> {
        let left = args.len() - next;
        let searches = matches!(form, Form::Search { .. });
        let untold = self.polygon.is_empty();
        let rectangular = matches!(self.area, Some((Area::Rectangle { .. }, _)));
        let circular = matches!(self.area, Some((Area::Circle { .. }, _)));
        let mut taken = 0;
        match () {
            _ if opt.is("WITHDIST") => self.with_distance = true,
            _ if opt.is("WITHHASH") => self.with_hash = true,
            _ if opt.is("WITHCOORD") => self.with_place = true,
            _ if opt.is("ANY") => self.any = true,
            _ if opt.is("ASC") => self.order = Some(false),
            _ if opt.is("DESC") => self.order = Some(true),
            _ if opt.is("COUNT") && left >= 1 => {
                let count = parse_int(args.at(next)).ok_or(Error::NotInteger)?;
                if count <= 0 {
                    return Err(Error::GeoCount);
                }
                self.count = usize::try_from(count).unwrap_or(usize::MAX);
                taken = 1;
            }
            _ if (opt.is("STORE") || opt.is("STOREDIST"))
                && left >= 1
                && matches!(form, Form::Place { store: true } | Form::Member { store: true }) =>
            {
                self.target = Some(args.at(next));
                self.distances = opt.is("STOREDIST");
                taken = 1;
            }
            _ if opt.is("BYRADIUS") && left >= 2 && searches && untold && !rectangular => {
                self.area = Some(circle(args, next, valkey)?);
                taken = 2;
            }
            _ if opt.is("BYBOX") && left >= 3 && searches && untold && !circular => {
                self.area = Some(rectangle(args, next, valkey)?);
                taken = 3;
            }
            _ if opt.is("STOREDIST") && form == (Form::Search { store: true }) => self.distances = true,
            _ => return Err(Error::Syntax),
        }
        Ok(taken)
    }

    /// The members in the area, in the order in which they are wanted and no more than that.
    fn run(&self, set: &SortedSet, centre: Place, area: Area) -> Vec<Found> {
        let most = if self.any { self.count } else { usize::MAX };
        let mut found: Vec<Found> = Vec::new();
        for (from, to) in area.scores(centre) {
            let ranks = set.count_scores(from, false)..set.count_scores(to, false);
            set.each(ranks.start, ranks.len(), false, &mut |item, score| {
                let place = Place::of_score(score);
                let measured = match &self.polygon[..] {
                    [] => area.measure(centre, place),
                    corners => is_within(corners, place).then(|| distance(centre, place)),
                };
                if let Some(distance) = measured {
                    found.push(Found { member: item.with_bytes(|bytes| bytes.into()), score, place, distance });
                }
                found.len() < most
            });
            if found.len() >= most {
                break;
            }
        }
        let order = self.order.or((self.count > 0 && !self.any).then_some(false));
        if let Some(descending) = order {
            // Distances are not negative, so their bits have their order; equal ones stay as they are.
            let key = |found: &Found| found.distance.to_bits() ^ if descending { u64::MAX } else { 0 };
            let mut ranking: Vec<Pair> = found.iter().map(key).zip(0..).collect();
            pairs::sort(&mut ranking, &Pair::cmp);
            let mut unsorted: Vec<Option<Found>> = found.into_iter().map(Some).collect();
            found = ranking.iter().filter_map(|&(_, i)| unsorted[i as usize].take()).collect();
        }
        if self.count > 0 {
            found.truncate(self.count);
        }
        found
    }
}

/// A member in the area.
struct Found {
    member: Box<[u8]>,
    score: f64,
    place: Place,
    /// In metres.
    distance: f64,
}

fn search(cx: &mut Ctx<'_>, args: Args<'_>, form: Form) -> Done {
    let stores = form == (Form::Search { store: true });
    let key = 1 + stores as usize;
    cx.db.read::<SortedSet>(args.at(key))?;
    room_for_result(cx.db, std::iter::once(args.at(key)), 3)?;
    let set = cx.db.peek::<SortedSet>(args.at(key));
    let query = Query::parse(args, key, set, form, cx.server.is_valkey())?;
    let found = match (set, query.centre, query.area) {
        (Some(set), Some(centre), Some((area, _))) => query.run(set, centre, area),
        _ => Vec::new(),
    };
    let unit = query.area.map_or(1.0, |(_, unit)| unit);
    if let Some(target) = query.target {
        let limits = limits(cx);
        let mut result = SortedSet::big(&limits);
        for place in &found {
            let score = if query.distances { place.distance / unit } else { place.score };
            result.set(&place.member, score, &limits);
        }
        store(cx, target, result.packed(&limits), if stores { "geosearchstore" } else { "georadiusstore" });
        return Ok(());
    }
    cx.out.array(found.len());
    let parts = query.with_distance as usize + query.with_hash as usize + query.with_place as usize;
    for place in &found {
        if parts > 0 {
            cx.out.array(1 + parts);
        }
        cx.out.bulk(&place.member);
        if query.with_distance {
            let mut text = Vec::new();
            double::write_fixed(place.distance / unit, 4, &mut text);
            cx.out.bulk(&text);
        }
        if query.with_hash {
            cx.out.int(bits(place.score) as i64);
        }
        if query.with_place {
            show_place(cx.out, place.place, cx.server.is_valkey());
        }
    }
    Ok(())
}
