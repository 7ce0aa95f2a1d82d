//! The library `struct`, Roberto Ierusalimschy's: values to and from bytes, by a format (<https://www.inf.puc-rio.br/~roberto/struct/>).
//! Sizes and order of bytes are those of 64-bit Linux on x86, where Redis runs, on any machine.
//!
//! ```text
//! b B  h H  l L  T  f  d    1, 2, 8, 8, 4, 8 bytes (small letters have a sign); i I and their bytes, 32 at most: 4 if not said
//! s    a string that ends with a zero     c and its bytes: 1 if not said; c0 all of the string, or as many as the value before says
//! x    a zero      > <  order of bytes    ! and a power of two: numbers lie at multiples of their size up to that; 8 if not said
//! ```
//!
//! Sizes that are no powers of two are aligned as the original does it, by masks that are meant for those that are. That, and signs of
//! integers of more than 8 bytes, are its accidents, and scripts have what came of them in their data.

use super::register;
use super::stack::{Raised, Results, Stack, cut, cut_unsigned};

/// Pushes the library, and makes it a global.
pub fn open(lua: Stack) {
    register(lua, "struct", &[("pack", pack), ("unpack", unpack), ("size", size)]);
}

crate::lua_function! {
    pack = pack_values;
    unpack = unpack_values;
    size = size_of;
}

/// A format that is being read.
struct Format<'a> {
    text: &'a [u8],
    at: usize,
    big_endian: bool,
    align: u64,
}

impl<'a> Format<'a> {
    /// The first argument, up to a zero.
    fn new(lua: Stack) -> Result<Format<'a>, Raised> {
        let text = lua.check_bytes(1)?;
        let end = text.iter().position(|&b| b == 0).unwrap_or(text.len());
        Ok(Format { text: &text[..end], at: 0, big_endian: false, align: 1 })
    }

    /// The next option; how many bytes it takes, and how many to skip before it in order to align it, when so many are there.
    fn next(&mut self, lua: Stack, position: impl FnOnce() -> u64) -> Result<Option<(u8, u64, u64)>, Raised> {
        let Some(&option) = self.text.get(self.at) else {
            return Ok(None);
        };
        self.at += 1;
        let size = match option {
            b'b' | b'B' | b'x' => 1,
            b'h' | b'H' => 2,
            b'f' => 4,
            b'l' | b'L' | b'T' | b'd' => 8,
            b'c' => self.number(lua, 1)?,
            b'i' | b'I' => {
                let size = self.number(lua, 4)?;
                if size > 32 {
                    return Err(lua.error(format!("integral size {size} is larger than limit of 32").as_bytes()));
                }
                size
            }
            _ => 0,
        };
        let align = size.min(self.align);
        let padding = if align > 1 && option != b'c' { (align - (position() & (align - 1))) & (align - 1) } else { 0 };
        Ok(Some((option, size, padding)))
    }

    /// The number that stands here, or another if none does.
    fn number(&mut self, lua: Stack, other: u64) -> Result<u64, Raised> {
        let digits = self.text[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        let mut number = 0;
        for digit in &self.text[self.at..self.at + digits] {
            number = number * 10 + (digit - b'0') as u64;
            if number > i32::MAX as u64 {
                return Err(lua.error(b"integral size overflow"));
            }
        }
        self.at += digits;
        Ok(if digits == 0 { other } else { number })
    }

    /// Does what an option says of those behind it.
    fn control(&mut self, lua: Stack, option: u8) -> Result<(), Raised> {
        match option {
            b' ' => {}
            b'>' => self.big_endian = true,
            b'<' => self.big_endian = false,
            b'!' => {
                let align = self.number(lua, 8)?;
                if !align.is_power_of_two() {
                    return Err(lua.error(format!("alignment {align} is not a power of 2").as_bytes()));
                }
                self.align = align;
            }
            _ => return Err(lua.argument_error(1, [b"invalid format option '", &[option][..], b"'"].concat())),
        }
        Ok(())
    }
}

fn pack_values(lua: Stack) -> Results {
    let mut format = Format::new(lua)?;
    let (mut argument, out) = (1, lua.scratch());
    // What stands behind the last argument is nil for whoever asks.
    lua.push_nil();
    while let Some((option, size, padding)) = format.next(lua, || out.len() as u64)? {
        let end = out.len() + padding as usize;
        out.resize(end, 0);
        match option {
            b'b' | b'B' | b'h' | b'H' | b'l' | b'L' | b'T' | b'i' | b'I' => {
                argument += 1;
                out.extend_from_slice(&cut_unsigned(lua.check_number(argument)?).to_le_bytes());
                out.resize(end + size as usize, 0);
            }
            b'f' => {
                argument += 1;
                out.extend_from_slice(&(lua.check_number(argument)? as f32).to_le_bytes());
            }
            b'd' => {
                argument += 1;
                out.extend_from_slice(&lua.check_number(argument)?.to_le_bytes());
            }
            b'x' => out.push(0),
            b'c' | b's' => {
                argument += 1;
                let text = lua.check_bytes(argument)?;
                let wanted = if size == 0 { text.len() } else { size as usize };
                if wanted > text.len() {
                    // One too many, as the original counts.
                    return Err(lua.argument_error(argument + 1, "string too short"));
                }
                if out.try_reserve(wanted + 1).is_err() {
                    return Err(lua.error(b"not enough memory"));
                }
                out.extend_from_slice(&text[..wanted]);
                if option == b's' {
                    out.push(0);
                }
                continue;
            }
            _ => format.control(lua, option)?,
        }
        if format.big_endian {
            out[end..].reverse();
        }
    }
    lua.push_bytes(out);
    Ok(1)
}

fn unpack_values(lua: Stack) -> Results {
    let mut format = Format::new(lua)?;
    let data = lua.check_bytes(2)?;
    let first = match lua.kind(3) {
        super::stack::Kind::None | super::stack::Kind::Nil => 1,
        _ => cut(lua.check_number(3)?),
    };
    if first == 0 {
        return Err(lua.argument_error(3, "offset must be 1 or greater"));
    }
    // Numbers below one are large here, and so they come back.
    let mut at = (first as u64).wrapping_sub(1);
    let mut results = 0;
    let piece = |at: u64, size: u64| {
        let end = at.checked_add(size).filter(|&end| end <= data.len() as u64);
        end.map(|end| &data[at as usize..end as usize]).ok_or_else(|| lua.argument_error(2, "data string too short"))
    };
    while let Some((option, mut size, padding)) = format.next(lua, || at)? {
        at = at.wrapping_add(padding);
        let bytes = piece(at, size)?;
        if !lua.reserve(2) {
            return Err(lua.error(b"stack overflow (too many results)"));
        }
        match option {
            b'b' | b'h' | b'l' | b'i' | b'B' | b'H' | b'L' | b'T' | b'I' => {
                let bits = integer(bytes, format.big_endian);
                // Of sizes beyond 8 another bit becomes the sign, which is how x86 shifts by more than it has.
                let sign = u64::MAX << (size.wrapping_mul(8).wrapping_sub(1) & 63);
                lua.push_number(match option.is_ascii_lowercase() {
                    true if bits & sign != 0 => (bits | sign) as i64 as f64,
                    _ => bits as f64,
                });
            }
            b'f' => lua.push_number(f32::from_bits(integer(bytes, format.big_endian) as u32) as f64),
            b'd' => lua.push_number(f64::from_bits(integer(bytes, format.big_endian))),
            b'x' => {
                at += size;
                continue;
            }
            b'c' if size == 0 => {
                if results == 0 || !lua.is_number(-1) {
                    return Err(lua.error(b"format 'c0' needs a previous size"));
                }
                size = cut_unsigned(lua.number(-1));
                lua.pop(1);
                results -= 1;
                lua.push_bytes(piece(at, size)?);
            }
            b'c' => lua.push_bytes(bytes),
            b's' => {
                let rest = &data[at as usize..];
                let Some(end) = rest.iter().position(|&b| b == 0) else {
                    return Err(lua.error(b"unfinished string in data"));
                };
                lua.push_bytes(&rest[..end]);
                size = end as u64 + 1;
            }
            _ => {
                format.control(lua, option)?;
                continue;
            }
        }
        at += size;
        results += 1;
    }
    lua.push_number(at.wrapping_add(1) as i64 as f64);
    Ok(results + 1)
}

/// The low 64 bits of an integer.
fn integer(bytes: &[u8], big_endian: bool) -> u64 {
    let add = |bits: u64, b: &u8| bits << 8 | *b as u64;
    match big_endian {
        true => bytes.iter().fold(0, add),
        false => bytes.iter().rev().fold(0, add),
    }
}

fn size_of(lua: Stack) -> Results {
    let mut format = Format::new(lua)?;
    let mut total = 0u64;
    while let Some((option, size, padding)) = format.next(lua, || total)? {
        total += padding + size;
        match option {
            b's' => return Err(lua.argument_error(1, "option 's' has no fixed size")),
            b'c' if size == 0 => return Err(lua.argument_error(1, "option 'c0' has no fixed size")),
            _ if option.is_ascii_alphanumeric() => {}
            _ => format.control(lua, option)?,
        }
    }
    lua.push_number(total as f64);
    Ok(1)
}

#[cfg(test)]
mod tests {
    use crate::lua::tests::is;

    /// Here and below, what Redis 8.6.3 answers.
    #[test]
    fn values_become_bytes() {
        is("struct.pack('bBhH', 300, -1, -2, 65537)", "2cfffeff0100");
        is("struct.pack('>I3', 66051), struct.pack('i3', -5), struct.pack('l', -2)", "010203|fbffff|feffffffffffffff");
        is(
            "struct.pack('d', 1.5), struct.pack('>f', 1.1), struct.pack('f', 1e300)",
            "000000000000f83f|3f8ccccd|0000807f",
        );
        is("struct.pack('s', 'abc'), struct.pack('c3', 'abcdef'), struct.pack('c0', 'abcdef')", "61626300|abc|abcdef");
        is("struct.pack('>i9', -2), struct.pack('i0', 1)", "00fffffffffffffffe|");
        is("struct.pack('L', 2^64), struct.pack('L', 2^63)", "0000000000000000|0000000000000080");
        is("struct.pack('l', 0/0), struct.pack('l', -2^64)", "0000000000000080|0000000000000080");
        is("struct.pack('b\\0q', 1)", "01");
    }

    #[test]
    fn numbers_are_aligned() {
        is("struct.pack('!bi', 1, 2), struct.pack('!2bi', 1, 2)", "0100000002000000|010002000000");
        is("struct.pack('!8bi3', 1, 2), struct.pack('!4bsi', 1, 'abc', 2)", "010000020000|016162630000000002000000");
        is("struct.size('!bh'), struct.size('!8bdbd'), struct.size('!8 bi6'), struct.size('b!64i32')", "4|32|12|64");
        is("struct.size('i!Ti5'), struct.size('!HI7')", "25|13");
        is("struct.unpack('!8bi', '\\1\\0\\0\\0\\2\\0\\0\\0', 2)", "0|2|9");
    }

    #[test]
    fn bytes_become_values() {
        is("struct.unpack('bBhHI3', '\\255\\255\\254\\255\\254\\255\\254\\255\\255')", "-1|255|-2|65534|16777214|10");
        is(
            "struct.unpack('i9', '\\1k\\7\\25\\0\\34\\174\\3\\1'), struct.unpack('i9', string.rep('\\1', 9))",
            "-127|-127|10",
        );
        is("struct.unpack('i9', '\\254\\255\\255\\255\\255\\255\\255\\255\\1')", "-2|10");
        is("struct.unpack('sc3', 'abc\\0def'), struct.unpack('Bc0', '\\3abcdef')", "abc|abc|5");
        is("struct.unpack('c1c0', '2abc')", "ab|4");
        is("struct.unpack('b', 'abc', '2')", "98|3");
        is("struct.unpack('', 'abc', -100)", "-100");
        is("struct.unpack('i0', '')", "0|1");
    }

    #[test]
    fn errors_are_those_of_the_original() {
        let place = "user_script:1: ";
        for (call, expected) in [
            ("pack('c4', 'abc')", "bad argument #3 to 'pack' (string too short)"),
            ("pack('i33', 1)", "integral size 33 is larger than limit of 32"),
            ("pack('c2147483648', 1)", "integral size overflow"),
            ("pack('!3b', 1)", "alignment 3 is not a power of 2"),
            ("pack('bb', 1)", "bad argument #3 to 'pack' (number expected, got nil)"),
            ("pack('=')", "bad argument #1 to 'pack' (invalid format option '=')"),
            ("pack()", "bad argument #1 to 'pack' (string expected, got no value)"),
            ("size('s')", "bad argument #1 to 'size' (option 's' has no fixed size)"),
            ("size('c0')", "bad argument #1 to 'size' (option 'c0' has no fixed size)"),
            ("unpack('b', '')", "bad argument #2 to 'unpack' (data string too short)"),
            ("unpack('b', 'abc', 0)", "bad argument #3 to 'unpack' (offset must be 1 or greater)"),
            ("unpack('b', 'abc', -1)", "bad argument #2 to 'unpack' (data string too short)"),
            ("unpack('s', 'abc')", "unfinished string in data"),
            ("unpack('c0', '3')", "format 'c0' needs a previous size"),
            ("unpack('q', 'abc', 10)", "bad argument #2 to 'unpack' (data string too short)"),
            ("unpack(string.rep('b', 7998), string.rep('a', 9000))", "stack overflow (too many results)"),
        ] {
            is(&format!("struct.{call}"), &format!("{place}{expected}"));
        }
        is("struct.size('q'), select('#', struct.unpack(string.rep('b', 7997), string.rep('a', 9000)))", "0|7998");
    }
}
