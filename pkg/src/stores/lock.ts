/**
 * Keeps a second process out of a folder: a file `wakey.lock` that says who holds it. Node only.
 *
 * The system has no lock that ends with its process and that Node can reach, so the file names the process and when it
 * started (a number may be given again), and whoever finds it looks whether that process runs. A holder on another machine
 * or in another container cannot be asked: its file is touched every few seconds, and stale when it has not been for a while.
 */
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { StoreError } from "../errors.js";

/** How often the file is touched, and how old it may grow before a holder elsewhere counts as dead; milliseconds. */
const TOUCH = 5000;
const STALE = 30_000;

interface Holder {
  pid: number;
  host: string;
  started: string;
}

/** When a process started, in a unit of the system's; empty where the system does not tell. */
function started(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    // The name, in parentheses, may hold anything.
    return `${boot} ${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return "";
  }
}

function runs({ pid, started: then }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = started(pid);
  return then === "" || now === "" || now === then;
}

/** Folders held by this process, whichever copy of the package holds them. */
const held: Set<string> = ((globalThis as unknown as { [key: symbol]: Set<string> })[Symbol.for("wakey.folders")] ??= new Set());

/** A folder that is held. */
export class Lock {
  private touched = Date.now();

  private constructor(
    private readonly folder: string,
    private readonly path: string,
    private readonly inode: number,
  ) {}

  /** Takes a folder (given by its real path), or throws StoreError and says who has it. */
  static take(folder: string): Lock {
    if (held.has(folder)) throw new StoreError(`${folder} is open in this process already`);
    const path = join(folder, "wakey.lock");
    const own = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
    writeFileSync(own, JSON.stringify({ pid: process.pid, host: hostname(), started: started(process.pid) } satisfies Holder));
    try {
      const { ino } = statSync(own);
      for (let attempt = 0; ; attempt++) {
        try {
          linkSync(own, path);
          held.add(folder);
          return new Lock(folder, path, ino);
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        }
        const refusal = Lock.refusal(folder, path);
        if (refusal !== undefined || attempt === 20) throw new StoreError(refusal ?? `${path} cannot be taken`);
        Lock.remove(path, own);
      }
    } finally {
      try {
        rmSync(own, { force: true });
      } catch {
        // It is nothing to anybody.
      }
    }
  }

  /** Why the lock that is there keeps us out; undefined when it is nobody's. */
  private static refusal(folder: string, path: string): string | undefined {
    let holder: Partial<Holder>;
    let age: number;
    try {
      holder = JSON.parse(readFileSync(path, "utf8")) as Partial<Holder>;
      age = Date.now() - statSync(path).mtimeMs;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      return `${folder}: ${path} cannot be read; remove it if nothing uses this folder`;
    }
    const { pid, host, started: then = "" } = holder;
    if (typeof pid !== "number") return `${folder}: ${path} is no lock of this program; remove it if nothing uses this folder`;
    if (host !== hostname()) return age > STALE ? undefined : `${folder} is held by process ${pid} on ${host}`;
    // This very process holds nothing, or `held` would know: the number is an earlier one's.
    if (pid === process.pid) return undefined;
    return runs({ pid, host, started: then }) ? `${folder} is held by process ${pid}` : undefined;
  }

  /** Removes a stale lock. Of several that try, one moves it away; who moved a fresh one puts it back. */
  private static remove(path: string, own: string): void {
    const aside = `${own}.stale`;
    try {
      renameSync(path, aside);
    } catch {
      return;
    }
    try {
      if (Lock.refusal("", aside) !== undefined) linkSync(aside, path);
    } catch {
      // Somebody has taken the place in between; its former holder will notice.
    }
    rmSync(aside, { force: true });
  }

  /** Throws when the lock is somebody else's, or gone. A few microseconds. */
  check(): void {
    let inode: number | undefined;
    try {
      inode = statSync(this.path).ino;
      const now = Date.now();
      if (now - this.touched > TOUCH && inode === this.inode) {
        this.touched = now;
        utimesSync(this.path, new Date(now), new Date(now));
      }
    } catch {
      // As if it were not ours.
    }
    if (inode !== this.inode) throw new StoreError(`${this.path} is not ours any more`);
  }

  release(): void {
    held.delete(this.folder);
    try {
      if (statSync(this.path).ino === this.inode) rmSync(this.path, { force: true });
    } catch {
      // It is gone, which is what was wanted.
    }
  }
}
