//! Vector sets: elements that are found by how near their vectors are. The structure is [`crate::types::vector`].
//!
//! In Redis they are a module's, which shows in how their commands are described: no categories, names in capitals.

use crate::commands::shared::draw::Draw;
use crate::exec::row::{Row, cmd};
use crate::exec::{Ctx, Done};
use crate::keyspace::class;
use crate::resp::args::{Args, Word};
use crate::resp::error::Error;
use crate::resp::reply::Reply;
use crate::resp::room_for;
use crate::table::spec::{arg, flags::*, key::*};
use crate::types::double;
use crate::types::number::{INT_LEN, format_int, parse_int};
use crate::types::pairs::{self, Pair};
use crate::types::vector::filter::Filter;
use crate::types::vector::{Form, NOWHERE, Search, VectorSet};

pub const TABLE: &[Row] = &[
    cmd("VADD key [REDUCE dim] <FP32 | VALUES> vector element [CAS] [NOQUANT | BIN | Q8] [EF build-exploration-factor] [SETATTR attributes] [M numlinks]", vadd)
        .write(DENYOOM | MODULE).key(RW | ACCESS | UPDATE)
        .groups(&["format", "quant_type"])
        .args(&[arg(1).kind("integer"), arg(12).kind("integer"), arg(14).kind("integer")])
        .reply("bool")
        .doc("8.0.0", "", "Add one or more elements to a vector set, or update its vector if it already exists"),
    cmd("VCARD key", vcard)
        .read(FAST | MODULE).key(RW | ACCESS | UPDATE)
        .reply("int")
        .doc("8.0.0", "", "Return the number of elements in a vector set"),
    cmd("VDIM key", vdim)
        .read(FAST | MODULE).key(RW | ACCESS | UPDATE)
        .reply("int")
        .doc("8.0.0", "", "Return the dimension of vectors in the vector set"),
    cmd("VEMB key element [RAW]", vemb)
        .read(FAST | MODULE).key(RW | ACCESS | UPDATE)
        .reply("array of double | [simple bulk double] | [simple bulk double double] | null")
        .doc("8.0.0", "", "Return the vector associated with an element"),
    cmd("VGETATTR key element", vgetattr)
        .read(FAST | MODULE).key(RW | ACCESS | UPDATE)
        .reply("bulk | null")
        .doc("8.0.0", "", "Retrieve the JSON attributes of elements"),
    cmd("VINFO key", vinfo)
        .read(FAST | MODULE).key(RW | ACCESS | UPDATE)
        .reply("map of any | null")
        .doc("8.0.0", "", "Return information about a vector set"),
    cmd("VISMEMBER key element", vismember)
        .read(MODULE).key(RW | ACCESS | UPDATE)
        .reply("bool")
        .doc("8.2.0", "", "Check if an element exists in a vector set"),
    cmd("VLINKS key element [WITHSCORES]", vlinks)
        .read(FAST | MODULE).key(RW | ACCESS | UPDATE)
        .reply("array of (array of bulk) | array of (map of double) | null")
        .doc("8.0.0", "", "Return the neighbors of an element at each layer in the HNSW graph"),
    cmd("VRANDMEMBER key [count]", vrandmember)
        .read(MODULE).key(RW | ACCESS | UPDATE)
        .reply("bulk | array of bulk | null")
        .doc("8.0.0", "", "Return one or multiple random members from a vector set"),
    cmd("VRANGE key start end [count]", vrange)
        .read(MODULE).key(RW | ACCESS | UPDATE)
        .args(&[arg(1).kind("string"), arg(2).kind("string")])
        .reply("array of bulk")
        .doc("8.4.0", "", "Return vector set elements in a lex range"),
    cmd("VREM key element", vrem)
        .write(MODULE).key(RW | ACCESS | UPDATE)
        .reply("bool")
        .doc("8.0.0", "", "Remove an element from a vector set"),
    cmd("VSETATTR key element json", vsetattr)
        .write(FAST | MODULE).key(RW | ACCESS | UPDATE)
        .reply("bool")
        .doc("8.0.0", "", "Associate or remove the JSON attributes of elements"),
    cmd("VSIM key <ELE | FP32 | VALUES> vector_or_element [WITHSCORES] [WITHATTRIBS] [COUNT count] [EPSILON max_distance] [EF search-exploration-factor] [FILTER expression] [FILTER-EF max-filtering-effort] [TRUTH] [NOTHREAD]", vsim)
        .read(MODULE).key(RW | ACCESS | UPDATE)
        .groups(&["format"])
        .args(&[arg(10).kind("integer"), arg(12).kind("integer")])
        .double("max_distance")
        .reply("array of bulk | map of double | map of (bulk | null) | map of [double, bulk | null] | []")
        .doc("8.0.0", "", "Return elements by vector similarity"),
];

const SPECIFICATION: Error = Error::Fixed("ERR invalid vector specification");
const NO_SUCH_ELEMENT: Error = Error::Fixed("ERR element not found in set");
const VSIM_SYNTAX: Error = Error::Fixed("ERR syntax error in VSIM command");
const OTHER_FORM: Error = Error::Fixed("ERR asked quantization mismatch with existing vector set");
const OTHER_M: Error = Error::Fixed("ERR asked M value mismatch with existing vector set");
const NOT_PROJECTED: Error = Error::Fixed("ERR cannot add projection to existing set without projection");
const PLACES: Error = Error::Fixed("ERR '-' can only be used as first argument, '+' only as second");

/// Neighbours of an element where VADD has no M, and candidates where it has no EF.
const M: i64 = 16;
const BUILD_EF: i64 = 200;
/// Candidates where VSIM has no EF.
const SEARCH_EF: usize = 100;
const MOST_EF: i64 = 1_000_000;

/// A vector as it came: `FP32 blob`, or `VALUES n v1 ... vn`, from this argument on; and where it ends.
fn vector(args: Args<'_>, start: usize) -> Option<(Vec<f32>, usize)> {
    let word = Word(args.get(start)?);
    let next = args.get(start + 1)?;
    if word.is("FP32") {
        let fits = !next.is_empty() && next.len() % 4 == 0 && next.len() / 4 <= VectorSet::MOST_DIMENSIONS as usize;
        let floats = next.chunks_exact(4).map(|x| f32::from_le_bytes([x[0], x[1], x[2], x[3]]));
        return fits.then(|| (floats.collect(), start + 2));
    }
    let count = parse_int(next).filter(|_| word.is("VALUES"))?;
    let end = start
        + 2
        + usize::try_from(count).ok().filter(|count| (1..=VectorSet::MOST_DIMENSIONS as usize).contains(count))?;
    if end > args.len() {
        return None;
    }
    let values = (start + 2..end).map(|at| double::parse(args.at(at)).map(|value| value as f32));
    Some((values.collect::<Option<_>>()?, end))
}

/// An option's value as a number within bounds.
fn bounded(text: &[u8], least: i64, most: i64, wrong: Error) -> Result<usize, Error> {
    let number = parse_int(text).filter(|number| (least..=most).contains(number)).ok_or(wrong)?;
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

fn mismatch(before: &str, got: usize, between: &str, has: usize) -> Error {
    let (mut a, mut b) = ([0; INT_LEN], [0; INT_LEN]);
    let (got, has) = (format_int(got as i64, &mut a), format_int(has as i64, &mut b));
    Error::quoting(&[before.as_bytes(), got, between.as_bytes(), has])
}

fn other_dimensions(got: usize, set: &VectorSet) -> Error {
    mismatch("ERR Vector dimension mismatch - got ", got, " but set has ", set.dim())
}

fn other_input(got: usize, set: &VectorSet) -> Error {
    mismatch("ERR Input dimension mismatch for projection - got ", got, " but projection expects ", set.input())
}

/// Whether a set takes elements that are added so.
fn fits(set: &VectorSet, form: Form, m: usize, input: usize, reduced: Option<usize>) -> Done {
    if form != set.form() {
        return Err(OTHER_FORM);
    }
    if m != set.m() {
        return Err(OTHER_M);
    }
    let is_projected = set.input() > 0;
    if if is_projected { reduced != Some(set.dim()) } else { input != set.dim() } {
        return Err(other_dimensions(input, set));
    }
    if is_projected && input != set.input() {
        return Err(other_input(input, set));
    }
    if !is_projected && reduced.is_some() {
        return Err(NOT_PROJECTED);
    }
    Ok(())
}

/// `VADD key [REDUCE dim] FP32 | VALUES ... element [option ...]`
fn vadd(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let (key, mut start, mut reduced) = (args.at(1), 2, None);
    if Word(args.at(2)).is("REDUCE") && args.len() > 4 {
        reduced = Some(bounded(args.at(3), 1, VectorSet::MOST_DIMENSIONS as i64, SPECIFICATION)?);
        start = 4;
    }
    let (mut came, end) = vector(args, start).ok_or(SPECIFICATION)?;
    if reduced.is_some_and(|dim| dim > came.len()) {
        return Err(SPECIFICATION);
    }
    let Some(name) = args.get(end) else { return Err(cx.arity()) };
    let (mut form, mut m, mut ef, mut attributes) = (Form::Q8, M as usize, BUILD_EF as usize, None);
    // Where CAS stands, which is about threads: a journal is told without it, since Redis ends where it loads it.
    let mut apart = Vec::new();
    let mut options = args.options(end + 1);
    while let Some(word) = options.next() {
        let has_value = options.left() > 0;
        match () {
            _ if word.is("CAS") => apart.push(args.len() - options.left() - 1),
            _ if word.is("NOQUANT") => form = Form::Full,
            _ if word.is("Q8") => form = Form::Q8,
            _ if word.is("BIN") => form = Form::Bin,
            _ if word.is("EF") && has_value => {
                ef = bounded(options.value()?, 1, MOST_EF, Error::Fixed("ERR invalid EF"))?;
            }
            _ if word.is("M") && has_value => m = bounded(options.value()?, 4, 4096, Error::Fixed("ERR invalid M"))?,
            _ if word.is("SETATTR") && has_value => attributes = Some(options.value()?),
            _ => return Err(Error::Fixed("ERR invalid option after element")),
        }
    }
    let input = came.len();
    let dim = reduced.unwrap_or(input);
    let own = name.len() + attributes.map_or(0, <[u8]>::len) + input * 8 + m * 64;
    match cx.db.peek_value(key) {
        None => {
            let matrix = reduced.map_or(0, |dim| dim.saturating_mul(input).saturating_mul(4));
            room_for(matrix.saturating_add(own))?;
        }
        Some(_) => match cx.db.write::<VectorSet>(key).and_then(|set| {
            let set = set.ok_or(Error::NoSuchKey)?;
            fits(set, form, m, input, reduced)?;
            Ok(set.bytes_for_one(ef))
        }) {
            Ok(bytes) => room_for(bytes + own)?,
            Err(error) => return opened(cx, key, Err(error)),
        },
    }
    let projected = reduced.map(|_| input);
    let uid = cx.db.vector_sets;
    let set = cx.db.write_or(key, |seed| VectorSet::new(seed, form, dim, m, projected))?;
    let is_first = set.is_empty();
    if is_first {
        set.uid = uid;
    }
    let kept = set.keep(&mut came, reduced.is_some());
    let is_new = set.add(name, &kept, ef);
    if attributes.is_some()
        && let Some(node) = set.find(name)
    {
        // Empty ones are some of a new element, and take away those that there were.
        set.set_attributes(node, attributes.filter(|text| is_new || !text.is_empty()));
    }
    cx.db.vector_sets += is_first as u64;
    if !apart.is_empty() && cx.db.journaling() {
        let told: Vec<&[u8]> = (0..args.len()).filter(|at| !apart.contains(at)).map(|at| args.at(at)).collect();
        cx.db.propagate(&told);
    }
    cx.changed(key, class::SILENT, "vadd", 1);
    cx.out.bool(is_new);
    Ok(())
}

fn vcard(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let len = cx.db.read::<VectorSet>(args.at(1))?.map_or(0, VectorSet::len);
    cx.out.int(len as i64);
    Ok(())
}

fn vdim(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let set = cx.db.read::<VectorSet>(args.at(1))?.ok_or(Error::Fixed("ERR key does not exist"))?;
    cx.out.int(set.dim() as i64);
    Ok(())
}

/// The set and an element of it, if both are there.
fn element<'a>(cx: &'a mut Ctx<'_>, args: Args<'_>) -> Result<Option<(&'a VectorSet, u32, &'a mut Reply)>, Error> {
    let set = cx.db.read::<VectorSet>(args.at(1))?;
    Ok(set.and_then(|set| Some((set, set.find(args.at(2))?, &mut *cx.out))))
}

fn vemb(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let raw = args.len() > 3;
    if args.tail(3).any(|word| !Word(word).is("RAW")) {
        return Err(Error::Fixed("ERR invalid option"));
    }
    let Some((set, node, out)) = element(cx, args)? else {
        cx.out.null();
        return Ok(());
    };
    if raw {
        let ((bytes, range), norm) = (set.raw(node), set.norm(node));
        out.array(3 + (set.form() == Form::Q8) as usize);
        out.simple(set.form().name());
        out.bulk(&bytes);
        out.double(norm as f64);
        if set.form() == Form::Q8 {
            out.double(range as f64);
        }
        return Ok(());
    }
    let vector = set.vector(node);
    out.array(vector.len());
    vector.iter().for_each(|x| out.double(*x as f64));
    Ok(())
}

fn vgetattr(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    match element(cx, args)? {
        Some((set, node, out)) => reply_attributes(out, set, node),
        None => cx.out.null(),
    }
    Ok(())
}

fn reply_attributes(out: &mut Reply, set: &VectorSet, node: u32) {
    match set.attributes(node) {
        Some(attributes) => out.bulk(attributes),
        None => out.null(),
    }
}

fn vinfo(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let Some(set) = cx.db.read::<VectorSet>(args.at(1))? else {
        cx.out.null();
        return Ok(());
    };
    let out = &mut *cx.out;
    let facts = [
        ("hnsw-m", set.m() as u64),
        ("vector-dim", set.dim() as u64),
        ("projection-input-dim", set.input() as u64),
        ("size", set.len() as u64),
        ("max-level", set.top() as u64),
        ("attributes-count", set.with_attributes() as u64),
        ("vset-uid", set.uid),
        ("hnsw-max-node-uid", set.inserted()),
    ];
    out.map(1 + facts.len());
    out.simple("quant-type");
    out.simple(set.form().name());
    for (name, value) in facts {
        out.simple(name);
        out.int(value as i64);
    }
    Ok(())
}

fn vismember(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let is = element(cx, args)?.is_some();
    cx.out.bool(is);
    Ok(())
}

fn vlinks(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let with_scores = args.get(3).is_some_and(|word| Word(word).is("WITHSCORES"));
    if args.len() > 3 + with_scores as usize {
        return Err(cx.arity());
    }
    let Some((set, node, out)) = element(cx, args)? else {
        cx.out.null();
        return Ok(());
    };
    out.array(set.levels(node).len());
    for links in set.levels(node) {
        if with_scores {
            out.map(links.len())
        } else {
            out.array(links.len())
        }
        for &link in links {
            out.bulk(set.name(link));
            if with_scores {
                out.double(score(set.between(node, link)));
            }
        }
    }
    Ok(())
}

/// How alike two vectors are, from 1 to 0.
fn score(distance: f32) -> f64 {
    if distance == NOWHERE { f64::NAN } else { 1.0 - distance as f64 / 2.0 }
}

/// `VRANDMEMBER key [count]`: a negative count wants so many, each one of all.
fn vrandmember(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    if args.len() > 3 {
        return Err(cx.arity());
    }
    let mut rng = cx.db.rng.clone();
    if args.len() == 2 {
        match cx.db.read::<VectorSet>(args.at(1))? {
            Some(set) => cx.out.bulk(set.name(set.random(&mut rng))),
            None => cx.out.null(),
        }
        cx.db.rng = rng;
        return Ok(());
    }
    args.int(2).map_err(|_| Error::Fixed("ERR COUNT value is not an integer"))?;
    let draw = Draw::parse(cx, args, "")?;
    let set = cx.db.read::<VectorSet>(args.at(1))?;
    let size = draw.size(set.map(VectorSet::len))?;
    let out = &mut *cx.out;
    out.array(size);
    match set {
        Some(set) if draw.repeats => draw.repeat(out, size, &mut |out| out.bulk(set.name(set.random(&mut rng))))?,
        Some(set) => {
            // Each is taken with the chance that it takes to get as many as are wanted.
            let mut wanted = size as u64;
            for node in 0..set.len() as u32 {
                if wanted > 0 && rng.below((set.len() as u32 - node) as u64) < wanted {
                    out.bulk(set.name(node));
                    wanted -= 1;
                }
            }
        }
        None => {}
    }
    cx.db.rng = rng;
    Ok(())
}

/// `VRANGE key start end [count]`: names in order, from `[name`, `(name` or `-` to `[name`, `(name` or `+`.
fn vrange(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let mut count = -1;
    if args.len() > 5 {
        return Err(cx.arity());
    }
    if let Some(text) = args.get(4) {
        count = parse_int(text).ok_or(Error::Fixed("ERR invalid COUNT value"))?;
    }
    let (start, end) = (args.at(2), args.at(3));
    /// A name, and whether it belongs to the range; none for the least and the greatest that there could be.
    fn border<'a>(text: &'a [u8], wrong: &'static str) -> Result<Option<(&'a [u8], bool)>, Error> {
        match text {
            [b'[', name @ ..] if !name.is_empty() => Ok(Some((name, true))),
            [b'(', name @ ..] if !name.is_empty() => Ok(Some((name, false))),
            b"-" | b"+" => Ok(None),
            _ => Err(Error::Fixed(wrong)),
        }
    }
    let is_crossed = start == b"+" || end == b"-";
    let start = border(start, "ERR invalid start range format")?;
    let end = border(end, "ERR invalid end range format")?;
    if is_crossed {
        return Err(PLACES);
    }
    let Some(set) = cx.db.read::<VectorSet>(args.at(1))?.filter(|_| count != 0) else {
        cx.out.array(0);
        return Ok(());
    };
    let count = usize::try_from(count).unwrap_or(usize::MAX);
    // The first ones so far, and then as many again before those behind them are dropped.
    let most = set.len().min(count.max(32).saturating_mul(2));
    room_for(most * size_of::<Pair>())?;
    let mut found: Vec<Pair> = Vec::with_capacity(most);
    let cut = |found: &mut Vec<Pair>| {
        pairs::sort(found, &|a, b| set.name(a.1 as u32).cmp(set.name(b.1 as u32)));
        found.truncate(count);
    };
    for node in 0..set.len() as u32 {
        let name = set.name(node);
        let within = start.is_none_or(|(from, too)| name > from || too && name == from)
            && end.is_none_or(|(to, too)| name < to || too && name == to);
        if within {
            found.push((0, node as u64));
            if found.len() == most {
                cut(&mut found);
            }
        }
    }
    cut(&mut found);
    cx.out.array(found.len());
    found.iter().for_each(|&(_, node)| cx.out.bulk(set.name(node as u32)));
    Ok(())
}

/// A vector set that was opened to be changed counts as changed for watches and tracking, whatever came of it: so it is with modules
/// in Redis.
#[inline(never)]
fn opened(cx: &mut Ctx<'_>, key: &[u8], done: Result<bool, Error>) -> Done {
    if !matches!(done, Ok(true)) {
        cx.event(key, class::SILENT, "");
    }
    cx.out.bool(done?);
    Ok(())
}

fn vrem(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let done = remove(cx, args.at(1), args.at(2));
    opened(cx, args.at(1), done)
}

fn remove(cx: &mut Ctx<'_>, key: &[u8], element: &[u8]) -> Result<bool, Error> {
    let Some(set) = cx.db.write::<VectorSet>(key)? else { return Ok(false) };
    let Some(node) = set.find(element) else { return Ok(false) };
    room_for(set.m() * 2048)?;
    set.remove(node);
    if set.is_empty() {
        cx.db.remove(key);
    }
    cx.changed(key, class::SILENT, "vrem", 1);
    Ok(true)
}

fn vsetattr(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let done = set_attributes(cx, args);
    opened(cx, args.at(1), done)
}

fn set_attributes(cx: &mut Ctx<'_>, args: Args<'_>) -> Result<bool, Error> {
    let (key, json) = (args.at(1), args.at(3));
    let found = cx.db.write::<VectorSet>(key)?.and_then(|set| Some((set.find(args.at(2))?, set)));
    let Some((node, set)) = found else { return Ok(false) };
    room_for(json.len())?;
    set.set_attributes(node, Some(json).filter(|text| !text.is_empty()));
    cx.changed(key, class::SILENT, "vsetattr", 1);
    Ok(true)
}

/// `VSIM key ELE element | FP32 ... | VALUES ... [option ...]`
fn vsim(cx: &mut Ctx<'_>, args: Args<'_>) -> Done {
    let Some(set) = cx.db.read::<VectorSet>(args.at(1))? else {
        cx.out.array(0);
        return Ok(());
    };
    let by_element = Word(args.at(2)).is("ELE");
    let (mut like, start) = if by_element {
        let node = set.find(args.at(3)).ok_or(NO_SUCH_ELEMENT)?;
        (set.vector(node), 4)
    } else {
        vector(args, 2).ok_or(SPECIFICATION)?
    };
    let project = like.len() != set.dim();
    if project && like.len() != set.input() {
        return Err(if set.input() > 0 { other_input(like.len(), set) } else { other_dimensions(like.len(), set) });
    }
    let (mut with_scores, mut with_attributes, mut exact) = (false, false, false);
    let (mut count, mut ef, mut farthest, mut tries, mut filter) = (10, None, 2.0, None, None);
    let mut options = args.options(start);
    while let Some(word) = options.next() {
        let has_value = options.left() > 0;
        match () {
            _ if word.is("WITHSCORES") => with_scores = true,
            _ if word.is("WITHATTRIBS") => with_attributes = true,
            _ if word.is("TRUTH") => exact = true,
            _ if word.is("NOTHREAD") => {}
            _ if !has_value => return Err(VSIM_SYNTAX),
            _ if word.is("COUNT") => {
                count = bounded(options.value()?, 1, i64::MAX, Error::Fixed("ERR invalid COUNT"))?;
            }
            _ if word.is("EPSILON") => {
                let wrong = Error::Fixed("ERR invalid EPSILON");
                farthest = double::parse(options.value()?).filter(|epsilon| *epsilon > 0.0).ok_or(wrong)?;
            }
            _ if word.is("EF") => ef = Some(bounded(options.value()?, 1, MOST_EF, Error::Fixed("ERR invalid EF"))?),
            _ if word.is("FILTER-EF") => {
                tries = Some(bounded(options.value()?, 1, i64::MAX, Error::Fixed("ERR invalid FILTER-EF"))?);
            }
            _ if word.is("FILTER") => {
                let text = options.value()?;
                room_for(text.len().saturating_mul(Filter::BYTES))?;
                filter =
                    Some(Filter::new(text).map_err(|at| {
                        Error::quoting(&[b"ERR syntax error in FILTER expression near: ", &text[at..]])
                    })?);
            }
            _ => return Err(VSIM_SYNTAX),
        }
    }
    count = count.min(set.len());
    let ef = ef.unwrap_or(SEARCH_EF).max(count).min(set.len());
    let tries = tries.unwrap_or(count.saturating_mul(100));
    // A filter that few pass has more of them looked at.
    let looked_at = if filter.is_some() { tries.max(ef * 64) } else { ef * 64 };
    room_for(set.len() / 8 + set.len().min(looked_at) * 16 + ef * 24)?;
    let kept = set.keep(&mut like, project);
    let filter = filter.as_ref().map(|filter| (filter, tries));
    let mut near = set.search(&kept, &Search { count, ef, exact, filter });
    near.retain(|(distance, _)| *distance as f64 / 2.0 <= farthest);
    let out = &mut *cx.out;
    match (with_scores, with_attributes) {
        (false, false) => out.array(near.len()),
        (true, true) if !out.resp3 => out.array(near.len() * 3),
        _ => out.map(near.len()),
    }
    for (distance, node) in near {
        out.bulk(set.name(node));
        if with_scores && with_attributes && out.resp3 {
            out.array(2);
        }
        if with_scores {
            out.double(score(distance));
        }
        if with_attributes {
            reply_attributes(out, set, node);
        }
    }
    Ok(())
}
