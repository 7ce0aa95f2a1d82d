//! Arrays, as a module's values are written: where the next element is appended, how many there are, and index and value of each. What
//! Redis 8.8 writes is not known here; it refuses this, as one does that has not the module.

use super::load::{BESIDE, TWICE};
use super::module::{self, begin_string, expect_end, expect_string};
use super::read::{Reader, room};
use super::{Fault, Packer, Read};
use crate::types::array::{Array, LAST};

pub const ID: u64 = module::id(b"wakey-arr", 1);

const BAD: Fault = Fault::Bad("an array that is none");

pub fn write(out: &mut Packer, array: &Array) {
    out.length(ID);
    module::number(out, array.next());
    module::number(out, array.count());
    array.each(0, LAST, &mut |index, item| {
        module::number(out, index);
        begin_string(out);
        out.item(item);
        true
    });
    module::end(out);
}

/// Reads an array of which the number that names it is read.
pub fn read(reader: &mut Reader<'_>) -> Read<Array> {
    let mut array = Array::new();
    array.seek(module::read_number(reader, BAD)?);
    for _ in 0..module::read_number(reader, BAD)? {
        let index = module::read_number(reader, BAD)?;
        expect_string(reader, BAD)?;
        let value = reader.string()?;
        room(value.len() + BESIDE)?;
        if index > LAST {
            return Err(BAD);
        }
        if !array.set(index, value) {
            return Err(TWICE);
        }
    }
    expect_end(reader, BAD)?;
    Ok(array)
}
