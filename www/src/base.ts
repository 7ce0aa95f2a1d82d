/**
 * An RDB file (a dump.rdb) as the base of a session: what its events happen to.
 *
 * The file is read where it lies, in slices, by the engine of the page: nothing of it is sent anywhere, and nothing of it is kept. It is
 * far too large to be a command of the session, so such a session is in no link and in no browser's storage; and each journey in
 * time reads the file once more. The clock of the session begins when the file was written, so that what was to expire is there.
 */
import { signal } from "@preact/signals";
import type { Wakey } from "wakey/slim";
import { size } from "./text.js";

export interface Base {
  file: File;
  /** When it was written, in milliseconds since the epoch; undefined where it does not say. */
  written: number | undefined;
}

/** A file that is being read: a dialog shows it, and nothing else can be done. */
export interface Reading {
  name: string;
  loaded: number;
  total: number;
  cancel: () => void;
}

export const reading = signal<Reading | undefined>(undefined);

/** What stands at the head of a file: the version, then pairs that tell of it, of which `ctime` is one of the first. */
const HEAD = 4096;

/** The file as a base; undefined when it is no RDB file. */
export async function baseOf(file: File): Promise<Base | undefined> {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (!/^(REDIS\d|VALKEY)\d{3}/.test(String.fromCharCode(...head.subarray(0, 9)))) return undefined;
  return { file, written: ctime(head) };
}

/** The seconds behind the string `ctime`, an integer of four bytes, as milliseconds. */
function ctime(head: Uint8Array<ArrayBuffer>): number | undefined {
  const at = String.fromCharCode(...head).indexOf("\xfa\x05ctime\xc2");
  if (at < 0 || at + 12 > head.length) return undefined;
  return new DataView(head.buffer).getUint32(at + 8, true) * 1000;
}

/** Reads a base into an engine that nobody uses yet. Rejects where the file is damaged, too large, or the reading was cancelled. */
export async function readBase(db: Wakey, { file }: Base): Promise<void> {
  const end = new AbortController();
  const shown = { name: file.name, total: file.size, cancel: () => end.abort(new Error("the reading was cancelled")) };
  reading.value = { ...shown, loaded: 0 };
  let told = 0;
  try {
    await db.importRdb(file, {
      signal: end.signal,
      onProgress: ({ loaded }) => {
        // A picture for each slice would cost more than the slice.
        if (loaded - told < file.size / 200) return;
        told = loaded;
        reading.value = { ...shown, loaded };
      },
    });
  } finally {
    reading.value = undefined;
  }
}

/** How far the reading is, for people. */
export function progress({ loaded, total }: Reading): string {
  return `${size(loaded)} of ${size(total)}`;
}
