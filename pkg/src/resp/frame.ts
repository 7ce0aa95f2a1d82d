/** Reads frames, in which commands go into an engine: `u32 argc`, then `u32 length, bytes` for each argument, little-endian. */
import { text } from "./values.js";

/** The arguments of a whole frame, and what stands behind them in the same form: as bytes, which are copies, or as text. */
export function argumentsOf(frame: Uint8Array, bytes: false): string[];
export function argumentsOf(frame: Uint8Array, bytes: boolean): (string | Uint8Array)[];
export function argumentsOf(frame: Uint8Array, bytes: boolean): (string | Uint8Array)[] {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const out: (string | Uint8Array)[] = [];
  for (let at = 4; at < frame.length; ) {
    const length = view.getUint32(at, true);
    at += 4;
    out.push(bytes ? frame.slice(at, at + length) : text(frame, at, length));
    at += length;
  }
  return out;
}
