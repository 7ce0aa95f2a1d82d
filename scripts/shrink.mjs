/**
 * What makes the module smaller than the compiler and wasm-opt leave it, and costs nothing at run time:
 *
 * - **Panics say nothing.** In WebAssembly a panic's message has nowhere to go: it ends in a trap, which the package
 *   turns into an error of its own. So the functions that write these messages become the trap itself ({@link silence}),
 *   and the places in the source that they would name become zeros, as do the texts that they would show ({@link forgetWords}). About 13 KiB
 *   of the compressed module.
 * - **Functions stand beside those they resemble** ({@link likeness}), since gzip looks back 32 KiB and no further. About
 *   9 KiB against an order by names, 26 KiB against none.
 *
 * Both read the module as the format lays it out; sections and their numbers are those of the WebAssembly core
 * specification.
 */
import binaryen from "binaryen";
import { fail } from "./common.mjs";

const CUSTOM = 0;
const IMPORTS = 2;
const CODE = 10;
const DATA = 11;

/** Reads numbers (LEB128) and sections. */
export class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  u32() {
    let n = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      n += (byte & 127) * 2 ** shift;
      if (byte < 128) return n;
    }
  }
  text() {
    const length = this.u32();
    this.at += length;
    return this.bytes.toString("utf8", this.at - length, this.at);
  }
  /** The sections of a module: number, name of a custom one, first byte of what is in it, end. */
  static sections(bytes) {
    const out = [];
    const reader = new Reader(bytes, 8);
    while (reader.at < bytes.length) {
      const id = bytes[reader.at++];
      const size = reader.u32();
      const end = reader.at + size;
      const name = id === CUSTOM ? reader.text() : "";
      out.push({ id, name, start: reader.at, end, size });
      reader.at = end;
    }
    return out;
  }
  /** Number of imported functions: they come first in the numbering. */
  static imported(bytes) {
    const section = Reader.sections(bytes).find((one) => one.id === IMPORTS);
    if (!section) return 0;
    const reader = new Reader(bytes, section.start);
    const count = reader.u32();
    for (let n = 0; n < count; n++) {
      reader.text();
      reader.text();
      if (bytes[reader.at++] !== 0) fail("the module imports what is no function");
      reader.u32();
    }
    return count;
  }
  /** The bodies of the module's own functions, each with its length before it. */
  static bodies(bytes) {
    const reader = new Reader(bytes, Reader.sections(bytes).find((one) => one.id === CODE).start);
    return Array.from({ length: reader.u32() }, () => {
      const start = reader.at;
      const size = reader.u32();
      reader.at += size;
      return bytes.subarray(start, reader.at);
    });
  }
}

/** Functions that tell of a panic, or of memory that is not there, and what they tell with. Nothing else calls them. */
const LAST_WORDS = new RegExp(
  [
    "^core::(panicking::|cell::panic_|option::(unwrap|expect)_failed|result::unwrap_failed)",
    "^core::(str::slice_error_fail|slice::index::slice_\\w*fail|slice::copy_from_slice_impl::len_mismatch_fail)",
    "^<?alloc::.*::assert_failed$",
    "^alloc::(raw_vec::(handle_error|capacity_overflow)|alloc::handle_alloc_error)",
    "^std::(panicking::panic_(with_hook|handler)|thread::local::panic_|sys::backtrace::__rust_end)",
    // Only such messages show a value for those who debug.
    "^<.* as core::fmt::Debug>::fmt$|^<char>::escape_debug_ext$|^<std::panicking::panic_handler::\\w+Payload as ",
    "::__rust_alloc_error_handler$",
  ].join("|"),
);

/** `core[c5930c85a12de822]::panicking::panic_fmt` without the crate's hash; Binaryen escapes some bytes of a name. */
function plain(name) {
  const text = name.replaceAll(/\\([0-9a-f]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
  return text.replaceAll(/(\w)\[[0-9a-f]{16}\]/g, "$1").replace(/::h[0-9a-f]{16}$/, "");
}

function read(bytes) {
  binaryen.setDebugInfo(true);
  const module = binaryen.readBinary(bytes);
  const { BulkMemory, BulkMemoryOpt, SIMD128, SignExt, NontrappingFPToInt, MutableGlobals, ReferenceTypes, Multivalue } = binaryen.Features;
  module.setFeatures(BulkMemory | BulkMemoryOpt | SIMD128 | SignExt | NontrappingFPToInt | MutableGlobals | ReferenceTypes | Multivalue);
  return module;
}

/** Those of them whose first two arguments are a text, and the one that has its length with a bit behind it that says so. */
const WITH_TEXT = /^core::(panicking::panic|option::expect_failed|result::unwrap_failed)$/;
const WITH_FORMAT = "core::panicking::panic_fmt";

/**
 * The texts that panics would show: address and length of each.
 *
 * @param {Buffer} bytes a module from the compiler, with names
 */
export function lastWords(bytes) {
  const calls = read(bytes)
    .emitText()
    .matchAll(/\(call \$("[^"]*"|\S+)\s+\(i32\.const (\d+)\)\s+\(i32\.const (\d+)\)/g);
  return [...calls].flatMap(([, quoted, first, second]) => {
    const [name, address, length] = [plain(quoted.replaceAll('"', "")), Number(first), Number(second)];
    if (WITH_TEXT.test(name)) return [{ address, length }];
    return name === WITH_FORMAT && length % 2 === 1 ? [{ address, length: (length - 1) / 2 }] : [];
  });
}

/**
 * Overwrites those of these texts that nothing points at or into any more: no number in the code, nor in the data.
 *
 * @param {Buffer} bytes the module when it is silenced and optimised; its data is overwritten
 */
export function forgetWords(bytes, texts) {
  const numbers = new Set();
  for (const [, number] of read(bytes)
    .emitText()
    .matchAll(/(?:i32\.const |offset=)(\d+)/g))
    numbers.add(Number(number));
  const segments = segmentsOf(bytes);
  // Texts of which data may know are pointed at from anywhere in it.
  for (const { start, size } of segments) for (let at = 0; at + 4 <= size; at++) numbers.add(bytes.readUInt32LE(start + at));
  for (const { address, length } of texts) {
    const segment = segments.find((one) => one.address <= address && address + length <= one.address + one.size);
    let met = segment === undefined || length === 0;
    for (let at = 0; at < length && !met; at++) met = numbers.has(address + at);
    if (!met) bytes.fill(0, segment.start + address - segment.address, segment.start + address - segment.address + length);
  }
}

/**
 * A module (with names) whose panics trap without a message.
 *
 * @param {Buffer} bytes a module from the compiler; its data is overwritten
 * @param {RegExp} called the exports that stay
 * @returns {Buffer} the module, with names
 */
export function silence(bytes, called = CALLED) {
  forgetPlaces(bytes);
  const module = read(bytes);
  const silenced = new Set();
  for (let n = 0; n < module.getNumFunctions(); n++) {
    const func = module.getFunctionByIndex(n);
    const info = binaryen.getFunctionInfo(func);
    const name = plain(info.name);
    if (info.module || !LAST_WORDS.test(name)) continue;
    silenced.add(name);
    binaryen.Function.setBody(func, module.unreachable());
  }
  for (const name of ["core::panicking::panic_fmt", "core::panicking::panic_bounds_check"])
    if (!silenced.has(name)) fail(`no function ${name} in the module: has the compiler renamed it? (scripts/shrink.mjs)`);
  for (const name of exportsOf(module)) if (!called.test(name)) module.removeExport(name);
  return Buffer.from(module.emitBinary());
}

/** What the glue and the package call; the rest are functions of a C library, which only the module itself uses. */
const CALLED = /^(core_|__|memory$|wakey_call$)/;

function exportsOf(module) {
  return Array.from({ length: module.getNumExports() }, (_, n) => binaryen.getExportInfo(module.getExportByIndex(n)).name);
}

/** The segments of data: address in memory, and where they are in the module. */
function segmentsOf(bytes) {
  const reader = new Reader(bytes, Reader.sections(bytes).find((one) => one.id === DATA).start);
  return Array.from({ length: reader.u32() }, () => {
    // An active segment of the only memory, its address an i32.const: what the linker writes.
    if (reader.u32() !== 0 || bytes[reader.at++] !== 0x41) fail("a data segment of another kind");
    const address = reader.u32();
    reader.at++;
    const size = reader.u32();
    const start = reader.at;
    reader.at += size;
    return { address, start, size };
  });
}

/**
 * Overwrites the places in the source that panics name: records of file name, its length, line, column, and the file
 * names themselves. Only a panic's message reads them.
 */
function forgetPlaces(bytes) {
  const segments = segmentsOf(bytes);
  const files = new Map();
  for (const { address, start, size } of segments)
    for (const found of bytes.toString("latin1", start, start + size).matchAll(/(?:src\/|\/rustc\/|\/[\w.-]+\/)[\w/.-]+?\.rs/g))
      files.set(address + found.index, { start: start + found.index, size: found[0].length, named: false });
  for (const { address, start, size } of segments)
    for (let at = -address & 3; at + 16 <= size; at += 4) {
      const file = files.get(bytes.readUInt32LE(start + at));
      if (file?.size !== bytes.readUInt32LE(start + at + 4)) continue;
      bytes.fill(0, start + at, start + at + 16);
      file.named = true;
    }
  for (const { start, size, named } of files.values()) if (named) bytes.fill(0, start, start + size);
}

/** What is left of a function's weight in the choice of the next one, one function on. Tried: 0.8 to 0.97 (any may be 2 KiB off), three to six bytes. */
const FADING = 0.92;

/**
 * The module with names that sort its functions by likeness, for wasm-opt's `--reorder-functions-by-name`: each one is
 * followed by the one, of those that are left, that shares most with those before it; how much one counts fades with its distance.
 *
 * @param {Buffer} bytes a module without names
 */
export function likeness(bytes) {
  const bodies = Reader.bodies(bytes);
  const shingles = bodies.map(shinglesOf);
  const holders = new Map();
  shingles.forEach((all, n) => {
    for (const one of all) {
      const list = holders.get(one);
      if (list) list.push(n);
      else holders.set(one, [n]);
    }
  });
  // What few functions have says more than what many have; what most have says nothing and would only take time.
  const weight = (one) => {
    const count = holders.get(one).length;
    return count < 2 || count > bodies.length / 4 ? 0 : Math.log(bodies.length / count);
  };
  const norms = shingles.map((all) => Math.sqrt([...all].reduce((sum, one) => sum + weight(one) ** 2, 1)));
  const scores = new Float64Array(bodies.length);
  const left = new Set(bodies.keys());
  const order = [];
  for (let next = 0; ; ) {
    left.delete(next);
    order.push(next);
    if (left.size === 0) break;
    for (let n = 0; n < scores.length; n++) scores[n] *= FADING;
    for (const one of shingles[next]) {
      const w = weight(one) ** 2;
      if (w > 0) for (const other of holders.get(one)) scores[other] += w;
    }
    let best = -1;
    for (const n of left) {
      const score = scores[n] / norms[n];
      if (score > best) [best, next] = [score, n];
    }
  }
  return named(bytes, order);
}

/** The sets of four bytes in a row that a function has, as numbers. */
function shinglesOf(body) {
  const out = new Set();
  for (let at = 0; at + 4 <= body.length; at++) out.add(body.readUInt32BE(at));
  return out;
}

/** A module with a name section that gives the functions names in this order. */
function named(bytes, order) {
  const imported = Reader.imported(bytes);
  const text = (value) => [...leb(value.length), ...Buffer.from(value)];
  const names = [];
  order.forEach((func, place) => {
    names[func] = String(place).padStart(6, "0");
  });
  const map = [...leb(names.length), ...names.flatMap((name, n) => [...leb(imported + n), ...text(name)])];
  const content = [...text("name"), 1, ...leb(map.length), ...map];
  return Buffer.concat([bytes, Buffer.from([CUSTOM, ...leb(content.length), ...content])]);
}

function leb(value) {
  const out = [];
  for (let n = value; ; n = Math.floor(n / 128)) {
    if (n < 128) return [...out, n];
    out.push((n % 128) + 128);
  }
}
