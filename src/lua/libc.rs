//! What the interpreter wants of a C library, on wasm32: texts, characters of ASCII (the locale is `C`), numbers to and from text. Files
//! there are none; what would open one does not.
//!
//! Copies and comparisons of memory, and some of mathematics, come with Rust's own compiler support; the rest is [`trig`]'s.

use super::stack::{cut, cut_unsigned};
use crate::types::double;
use crate::types::number::{INT_LEN, format_int};
use crate::types::printf::{self, Form};
use crate::types::trig;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::ptr::{null, null_mut};
use std::slice::from_raw_parts;
use std::sync::atomic::AtomicPtr;

unsafe fn text<'a>(s: *const c_char) -> &'a [u8] {
    unsafe { CStr::from_ptr(s).to_bytes() }
}

macro_rules! characters {
    ($($name:ident: $is:expr;)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name(c: c_int) -> c_int {
            let is: fn(u8) -> bool = $is;
            u8::try_from(c).is_ok_and(is) as c_int
        }
    )*};
}

characters! {
    isalnum: |c| c.is_ascii_alphanumeric();
    isalpha: |c| c.is_ascii_alphabetic();
    iscntrl: |c| c.is_ascii_control();
    isdigit: |c| c.is_ascii_digit();
    islower: |c| c.is_ascii_lowercase();
    ispunct: |c| c.is_ascii_punctuation();
    isspace: |c| matches!(c, b' ' | 9..=13);
    isupper: |c| c.is_ascii_uppercase();
    isxdigit: |c| c.is_ascii_hexdigit();
}

#[unsafe(no_mangle)]
extern "C" fn tolower(c: c_int) -> c_int {
    u8::try_from(c).map_or(c, |c| c.to_ascii_lowercase() as c_int)
}

#[unsafe(no_mangle)]
extern "C" fn toupper(c: c_int) -> c_int {
    u8::try_from(c).map_or(c, |c| c.to_ascii_uppercase() as c_int)
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strchr(s: *const c_char, c: c_int) -> *const c_char {
    unsafe {
        let all = from_raw_parts(s.cast::<u8>(), text(s).len() + 1);
        all.iter().position(|&b| b == c as u8).map_or(null(), |at| s.add(at))
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn memchr(s: *const c_void, c: c_int, n: usize) -> *const c_void {
    unsafe {
        let all = from_raw_parts(s.cast::<u8>(), n);
        all.iter().position(|&b| b == c as u8).map_or(null(), |at| s.cast::<u8>().add(at).cast())
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strpbrk(s: *const c_char, set: *const c_char) -> *const c_char {
    unsafe {
        let set = text(set);
        text(s).iter().position(|b| set.contains(b)).map_or(null(), |at| s.add(at))
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strcspn(s: *const c_char, set: *const c_char) -> usize {
    unsafe {
        let set = text(set);
        text(s).iter().take_while(|b| !set.contains(b)).count()
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strstr(s: *const c_char, part: *const c_char) -> *const c_char {
    unsafe {
        let part = text(part);
        if part.is_empty() {
            return s;
        }
        text(s).windows(part.len()).position(|window| window == part).map_or(null(), |at| s.add(at))
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strcmp(a: *const c_char, b: *const c_char) -> c_int {
    unsafe { text(a).cmp(text(b)) as c_int }
}

/// In the locale `C`, letters come in the order of their codes.
#[unsafe(no_mangle)]
unsafe extern "C" fn strcoll(a: *const c_char, b: *const c_char) -> c_int {
    unsafe { strcmp(a, b) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strcat(to: *mut c_char, from: *const c_char) -> *mut c_char {
    unsafe { strncat(to, from, usize::MAX) }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strncat(to: *mut c_char, from: *const c_char, n: usize) -> *mut c_char {
    unsafe {
        let (end, len) = (text(to).len(), text(from).len().min(n));
        to.add(end).copy_from(from, len);
        *to.add(end + len) = 0;
        to
    }
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strncpy(to: *mut c_char, from: *const c_char, n: usize) -> *mut c_char {
    unsafe {
        let mut ended = false;
        for at in 0..n {
            let byte = if ended { 0 } else { *from.add(at) };
            ended |= byte == 0;
            *to.add(at) = byte;
        }
        to
    }
}

#[unsafe(no_mangle)]
extern "C" fn strerror(_: c_int) -> *const c_char {
    c"no files".as_ptr()
}

/// Only its decimal point is asked for.
#[unsafe(no_mangle)]
extern "C" fn localeconv() -> *const c_void {
    // The first of many fields, of which the others are never read.
    static DECIMAL_POINT: AtomicPtr<c_char> = AtomicPtr::new(c".".as_ptr().cast_mut());
    DECIMAL_POINT.as_ptr().cast_const().cast()
}

#[unsafe(no_mangle)]
unsafe extern "C" fn strtod(s: *const c_char, end: *mut *const c_char) -> f64 {
    unsafe {
        let (value, used) = double::prefix(text(s));
        if !end.is_null() {
            *end = s.add(used);
        }
        value
    }
}

/// Functions of one number. What is no number stays as it is; where there is no result, it is the one with this sign, as on x86, where
/// Lua shows it. What is tiny is its own sine, and keeps the sign of zero.
macro_rules! functions {
    ($($name:ident, $sign:literal = $of:expr;)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name(x: f64) -> f64 {
            with_sign(x, $of(x), $sign)
        }
    )*};
}

fn with_sign(x: f64, result: f64, sign: f64) -> f64 {
    if x.is_nan() {
        x
    } else if result.is_nan() {
        f64::NAN.copysign(sign)
    } else {
        result
    }
}

functions! {
    sin, -1.0 = |x: f64| if x.abs() < 1e-9 { x } else { trig::sin(x) };
    cos, -1.0 = trig::cos;
    tan, -1.0 = |x: f64| if x.abs() < 1e-9 { x } else { trig::tan(x) };
    asin, 1.0 = |x: f64| trig::asin(x.abs()).copysign(x);
    acos, 1.0 = trig::acos;
}

#[unsafe(no_mangle)]
extern "C" fn fmod(x: f64, y: f64) -> f64 {
    trig::rest(x, y)
}

/// A number between a half and one, and the power of two that it is multiplied with.
#[unsafe(no_mangle)]
unsafe extern "C" fn frexp(value: f64, exponent: *mut c_int) -> f64 {
    const BITS: u64 = 0x7ff;
    let (bits, shift) = match value.to_bits() >> 52 & BITS {
        // Too small to have a leading one.
        0 if value != 0.0 => ((value * 18_446_744_073_709_551_616.0).to_bits(), 64),
        _ => (value.to_bits(), 0),
    };
    let biased = bits >> 52 & BITS;
    let special = value == 0.0 || biased == BITS;
    unsafe { *exponent = if special { 0 } else { biased as c_int - 1022 - shift } };
    if special { value } else { f64::from_bits(bits & !(BITS << 52) | 1022 << 52) }
}

/// The fraction of a number; what is before the point goes into `whole`.
#[unsafe(no_mangle)]
unsafe extern "C" fn modf(value: f64, whole: *mut f64) -> f64 {
    unsafe { *whole = value.trunc() };
    let fraction = if value.is_infinite() { 0.0 } else { value - value.trunc() };
    fraction.copysign(value)
}

/// Lua reads numbers of other bases with it: those of `tonumber`.
#[unsafe(no_mangle)]
unsafe extern "C" fn strtoul(s: *const c_char, end: *mut *const c_char, base: c_int) -> u32 {
    unsafe {
        let bytes = text(s);
        let mut at = bytes.iter().take_while(|b| matches!(b, b' ' | 9..=13)).count();
        let negative = bytes.get(at) == Some(&b'-');
        at += matches!(bytes.get(at), Some(b'-' | b'+')) as usize;
        if base == 16 && bytes[at..].len() > 2 && bytes[at..][..2].eq_ignore_ascii_case(b"0x") {
            at += 2;
        }
        let digit = |at: usize| bytes.get(at).and_then(|&b| (b as char).to_digit(base as u32));
        let (start, mut value) = (at, 0u32);
        while let Some(digit) = digit(at) {
            value = value.saturating_mul(base as u32).saturating_add(digit);
            at += 1;
        }
        if !end.is_null() {
            *end = if at == start { s } else { s.add(at) };
        }
        if negative { value.wrapping_neg() } else { value }
    }
}

/// In WebAssembly a function with variable arguments gets the address where they lie, each at a multiple of its size.
struct Arguments(*const u8);

impl Arguments {
    unsafe fn next<T: Copy>(&mut self) -> T {
        unsafe {
            let size = size_of::<T>();
            let at = self.0.add(self.0.align_offset(size));
            self.0 = at.add(size);
            at.cast::<T>().read()
        }
    }
}

/// How Lua writes a number where a text is wanted.
const NUMBER: &[u8] = b"%.14g";

/// Writes a number so: most are integers, whose digits need no exact arithmetic.
unsafe fn number(to: *mut u8, value: f64) -> c_int {
    let mut digits = [0; INT_LEN];
    let whole = value as i64;
    let mut long = Vec::new();
    let text = if whole as f64 == value
        && whole.unsigned_abs() < 100_000_000_000_000
        && (whole != 0 || value.is_sign_positive())
    {
        format_int(whole, &mut digits)
    } else {
        let form = Form { precision: Some(14), conversion: b'g', ..Form::default() };
        printf::double(&form, value, &mut long);
        &long
    };
    unsafe {
        to.copy_from(text.as_ptr(), text.len());
        *to.add(text.len()) = 0;
    }
    text.len() as c_int
}

/// Room is the caller's business: Lua gives formats whose results are short, and bounds texts before.
#[unsafe(no_mangle)]
unsafe extern "C" fn sprintf(to: *mut c_char, format: *const c_char, arguments: *const u8) -> c_int {
    unsafe {
        let mut arguments = Arguments(arguments);
        let format = text(format);
        if format == NUMBER {
            return number(to.cast(), arguments.next());
        }
        let mut out = Vec::new();
        let mut format = format.iter().copied().peekable();
        while let Some(byte) = format.next() {
            if byte != b'%' {
                out.push(byte);
                continue;
            }
            let mut form = Form::default();
            while let Some(flag) = format.next_if(|b| b"-+ #0".contains(b)) {
                match flag {
                    b'-' => form.left = true,
                    b'+' => form.plus = true,
                    b' ' => form.space = true,
                    b'#' => form.alternate = true,
                    _ => form.zero = true,
                }
            }
            while let Some(digit) = format.next_if(u8::is_ascii_digit) {
                form.width = form.width * 10 + (digit - b'0') as usize;
            }
            if format.next_if_eq(&b'.').is_some() {
                let mut precision = 0;
                while let Some(digit) = format.next_if(u8::is_ascii_digit) {
                    precision = precision * 10 + (digit - b'0') as usize;
                }
                form.precision = Some(precision);
            }
            let mut long = 0;
            while format.next_if_eq(&b'l').is_some() {
                long += 1;
            }
            form.conversion = format.next().unwrap_or(b'%');
            match form.conversion {
                b'%' => out.push(b'%'),
                b's' => printf::string(&form, text(arguments.next()), &mut out),
                b'p' => {
                    let pointer: u32 = arguments.next();
                    form.conversion = b'x';
                    form.alternate = true;
                    printf::integer(&form, pointer as u64, &mut out);
                }
                b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => printf::double(&form, arguments.next(), &mut out),
                b'd' | b'i' if long < 2 => {
                    let value: i32 = arguments.next();
                    printf::integer(&form, value as i64 as u64, &mut out);
                }
                _ if long < 2 => {
                    let value: u32 = arguments.next();
                    printf::integer(&form, value as u64, &mut out);
                }
                // Of Lua's `string.format`: see LUA_INTFRM_T in luaconf.h.
                conversion => {
                    let _: i32 = arguments.next();
                    let value: f64 = arguments.next();
                    let signed = matches!(conversion, b'd' | b'i');
                    printf::integer(&form, if signed { cut(value) as u64 } else { cut_unsigned(value) }, &mut out);
                }
            }
        }
        to.cast::<u8>().copy_from(out.as_ptr(), out.len());
        *to.add(out.len()) = 0;
        out.len() as c_int
    }
}

/// Never called: the generator of Lua's own library is replaced.
#[unsafe(no_mangle)]
extern "C" fn rand() -> c_int {
    0
}

#[unsafe(no_mangle)]
extern "C" fn srand(_: u32) {}

/// Lua would end the process where an error has no one to catch it, which does not happen: all goes through a protected call.
#[unsafe(no_mangle)]
extern "C" fn exit(_: c_int) -> ! {
    std::process::abort()
}

macro_rules! no_files {
    ($($name:ident($($arg:ident: $kind:ty),*) -> $result:ty = $value:expr;)*) => {$(
        #[unsafe(no_mangle)]
        extern "C" fn $name($($arg: $kind),*) -> $result {
            $value
        }
    )*};
}

no_files! {
    fopen(_name: *const c_char, _mode: *const c_char) -> *mut c_void = null_mut();
    freopen(_name: *const c_char, _mode: *const c_char, _file: *mut c_void) -> *mut c_void = null_mut();
    fclose(_file: *mut c_void) -> c_int = -1;
    feof(_file: *mut c_void) -> c_int = 1;
    ferror(_file: *mut c_void) -> c_int = 1;
    fread(_to: *mut c_void, _size: usize, _count: usize, _file: *mut c_void) -> usize = 0;
    getc(_file: *mut c_void) -> c_int = -1;
    ungetc(_c: c_int, _file: *mut c_void) -> c_int = -1;
    fputs(_text: *const c_char, _file: *mut c_void) -> c_int = -1;
    fputc(_c: c_int, _file: *mut c_void) -> c_int = -1;
    fprintf(_file: *mut c_void, _format: *const c_char, _arguments: *const u8) -> c_int = -1;
}

#[unsafe(no_mangle)]
static mut errno: c_int = 0;
#[unsafe(no_mangle)]
static mut stdin: *mut c_void = null_mut();
#[unsafe(no_mangle)]
static mut stdout: *mut c_void = null_mut();
#[unsafe(no_mangle)]
static mut stderr: *mut c_void = null_mut();

/// What Lua uses `realloc` for are buffers of files; its memory comes from [`super::Interpreter`].
#[unsafe(no_mangle)]
extern "C" fn realloc(_at: *mut c_void, _size: usize) -> *mut c_void {
    null_mut()
}

#[unsafe(no_mangle)]
extern "C" fn free(_at: *mut c_void) {}
