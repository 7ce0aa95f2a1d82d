//! How large values are, for those who make others out of them, and for those who ask.

use crate::allocator;
use crate::exec::Done;
use crate::keyspace::{Keyspace, Value};
use crate::resp::room_for;
use crate::types::field;
use crate::types::listpack::Item;
use crate::types::ranked::Member;
use crate::types::small::INLINE;

/// Bytes on the heap: what a copy takes.
fn all_bytes(value: &Value) -> usize {
    value.bytes() + elsewhere(value, usize::MAX)
}

/// Room for something made out of all the values behind these keys, so many times over. O(1) while memory is ample.
pub fn room_for_result<'a>(db: &Keyspace, keys: impl Iterator<Item = &'a [u8]>, times: usize) -> Done {
    if allocator::is_ample() {
        return Ok(());
    }
    room_for(keys.filter_map(|key| db.peek_value(key)).map(all_bytes).sum::<usize>().saturating_mul(times))
}

/// About how many bytes lie outside of a table: from the first `samples` elements.
pub fn elsewhere(value: &Value, samples: usize) -> usize {
    let (mut met, mut bytes) = (0, 0);
    let mut meet = |outside: usize| {
        met += 1;
        bytes += outside;
        met < samples
    };
    let len = |item: Item<'_>| item.with_bytes(|bytes| bytes.len());
    let elements = match value {
        Value::Set(set) if value.encoding() == "hashtable" => {
            set.iter().all(|member| meet(field::size(len(member), 0)));
            set.len()
        }
        Value::Hash(fields) if value.encoding() == "hashtable" => {
            fields.iter().all(|(name, value, _)| meet(field::size(len(name), len(value))));
            fields.len()
        }
        Value::Sorted(set) if !set.is_pack() => {
            set.each(0, set.len(), false, &mut |member, _| meet(Member::size(len(member))));
            set.len()
        }
        Value::Vectors(set) => {
            let attributes = |node| set.attributes(node).map_or(0, <[u8]>::len);
            let long = |len: usize| if len > INLINE { len } else { 0 };
            (0..set.len() as u32).all(|node| meet(long(set.name(node).len()) + attributes(node)));
            set.len()
        }
        // The others have told of all they own.
        Value::Str(_) | Value::List(_) | Value::Set(_) | Value::Hash(_) | Value::Sorted(_) => return 0,
        Value::Stream(_) | Value::Array(_) => return 0,
    };
    (bytes as f64 / met.max(1) as f64 * elements as f64) as usize
}
