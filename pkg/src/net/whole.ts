/** Files that are written whole: beside themselves first, then in one step under their name. */
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";

/** Puts bytes in the place of a file, with this mode. What is there stays until they are on the disk. */
export function writeWhole(path: string, bytes: Buffer, mode: number): void {
  const fresh = `${path}.${process.pid}.tmp`;
  const fd = openSync(fresh, "w", mode);
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(fresh, path);
}
