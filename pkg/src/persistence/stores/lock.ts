/**
 * Keeps a second holder out of a folder: a file `wakey.lock` that says who has it. Node only.
 *
 * Node offers no lock that ends with its holder, so the file names one: process, thread, when both were started (a number may
 * be given again), and the system and PID namespace in which the numbers mean anything. Whoever finds it looks whether that
 * thread still runs. Where this cannot be told (another machine, another container, no /proc) the file is touched every few
 * seconds while it is held, and who wants the folder waits for a touch, or for so long without one that the holder is dead.
 * Ages are differences between times of one file system: no two machines' clocks are compared.
 *
 * Of several that find a dead holder's file one may remove it. So each first puts up a claim, `wakey.lock.TOKEN`, and then
 * looks for those of others: of two that come at the same time at least one sees the other, and withdraws. Who is alone
 * removes what is dead and links its claim to `wakey.lock`, which fails where there is one already.
 */
import { randomBytes } from "node:crypto";
import {
  type BigIntStats,
  closeSync,
  constants,
  copyFileSync,
  fstatSync,
  futimesSync,
  linkSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { StoreError } from "../../core/errors.js";
import { storeError } from "./store.js";

const NAME = "wakey.lock";
/** How often the file is touched, and after how long without it a holder that cannot be asked is dead; milliseconds. */
const TOUCH = 5000;
const STALE = 30_000;
/** How often a holder that cannot be asked is looked at, and how long a claim of somebody else's is left alone, at most. */
const LOOK = 250;
const WITHDRAW = 20;

/** Who has, or wants, a folder. What could not be found out is empty. */
interface Holder {
  pid: number;
  host: string;
  /** This start of the system, and the PID namespace: where both are the same, so is what `pid` means. */
  boot: string;
  namespace: string;
  /** When the process was started, in ticks. */
  started: string;
  /** The thread's number and when it was started. */
  thread: string;
  /** This instance of this module, of which there may be several in a thread. */
  instance: string;
  token: string;
}

/** Whether a holder lives; `unsure`: only its touches tell. */
type State = "alive" | "dead" | "unsure";

/** What this instance holds, and what it is called: it need not be asked whether it lives. */
const held = new Set<string>();
const INSTANCE = randomBytes(8).toString("hex");

function hex(): string {
  return randomBytes(8).toString("hex");
}

function code(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException).code;
}

/** When a process or thread was started; undefined when it is not there, or has ended and waits for its parent to notice. */
function startOf(path: string): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`${path}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The name, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields[0] === "Z" || fields[0] === "X" ? undefined : fields[19];
}

/** Who we are, as far as the system tells. */
function self(token: string): Holder {
  const { pid } = process;
  const known = { pid, host: hostname(), boot: "", namespace: "", started: "", thread: "", instance: INSTANCE, token };
  try {
    // A namespace without a /proc of its own sees that of another, where the numbers are others'.
    if (readlinkSync("/proc/self") !== String(pid)) return known;
    const namespace = readlinkSync("/proc/self/ns/pid");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    const started = startOf(`/proc/${pid}`);
    const thread = readlinkSync("/proc/thread-self");
    const began = startOf(`/proc/${thread}`);
    if (started === undefined || began === undefined) return known;
    return { ...known, boot, namespace, started, thread: `${thread.slice(thread.lastIndexOf("/") + 1)} ${began}` };
  } catch {
    return known;
  }
}

function state(holder: Holder, us: Holder): State {
  const { pid, instance, boot, namespace } = holder;
  if (instance === INSTANCE) return held.has(holder.token) ? "alive" : "dead";
  const comparable = namespace === "" ? outsideLinux(us) && holder.host === us.host : boot === us.boot && namespace === us.namespace;
  if (!comparable) return "unsure";
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (code(error) === "ESRCH") return "dead";
  }
  if (namespace === "") return "unsure";
  // Where other users' processes are hidden there is nothing to read of one that runs.
  const started = startOf(`/proc/${pid}`);
  if (started === undefined) return statable(`/proc/${pid}`) ? "dead" : "unsure";
  if (started !== holder.started) return "dead";
  const [thread, began] = holder.thread.split(" ");
  return startOf(`/proc/${pid}/task/${thread}`) === began ? "alive" : "dead";
}

/** Where there are no namespaces, a number means the same in all of the machine. */
function outsideLinux(us: Holder): boolean {
  return us.namespace === "" && process.platform !== "linux";
}

function statable(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

interface Found {
  /** Undefined: the file is empty, as a failure of power may leave it, or one that is being written. */
  holder: Holder | undefined;
  mtime: number;
  state: State;
}

/** Reads a lock or a claim; undefined when it is gone. Throws StoreError for a file that is neither. */
function look(path: string, us: Holder): Found | undefined {
  let text: string;
  let mtime: number;
  try {
    text = readFileSync(path, "utf8");
    mtime = statSync(path).mtimeMs;
  } catch (error) {
    if (code(error) === "ENOENT") return undefined;
    throw new StoreError(`${path} cannot be read; remove it if nothing uses this folder`, { cause: error });
  }
  if (text === "") return { holder: undefined, mtime, state: "unsure" };
  let said: Partial<Holder> | undefined;
  try {
    said = JSON.parse(text) as Partial<Holder>;
  } catch {
    // Then it says nothing.
  }
  if (typeof said?.pid !== "number") throw new StoreError(`${path} is no lock of this program; remove it if nothing uses this folder`);
  const unknown = { host: "", boot: "", namespace: "", started: "", thread: "", instance: "", token: "" };
  const holder: Holder = { ...unknown, ...said, pid: said.pid };
  return { holder, mtime, state: state(holder, us) };
}

/** What has been seen of holders that cannot be asked: when they were touched, and since when that has not changed. */
type Seen = Map<string, { mtime: number; since: number }>;

/** Of a holder that cannot be asked: `alive` when it was touched since we first looked, `dead` when not for long enough. */
function watched(seen: Seen, name: string, mtime: number, now: number): State {
  if (now - mtime > STALE) return "dead";
  const clock = performance.now();
  const before = seen.get(name);
  if (before === undefined) {
    seen.set(name, { mtime, since: clock });
    return "unsure";
  }
  if (before.mtime !== mtime) return "alive";
  return clock - before.since > STALE ? "dead" : "unsure";
}

function described(holder: Holder | undefined, us: Holder): string {
  if (holder === undefined) return "somebody";
  const { pid, host, namespace, thread } = holder;
  const where = host === us.host ? (namespace === us.namespace ? "" : ", in another container or namespace") : ` on ${host}`;
  if (where !== "" || pid !== us.pid || (namespace === "" && !outsideLinux(us))) return `process ${pid}${where}`;
  return thread === us.thread ? "" : "another thread of this process";
}

function refusal(folder: string, holder: Holder | undefined, us: Holder): StoreError {
  const who = described(holder, us);
  return new StoreError(who === "" ? `${folder} is open in this process already` : `${folder} is held by ${who}`);
}

/** Removes a file; it does no harm if that fails. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Its holder is dead, or known to hold nothing.
  }
}

/** A folder that is held. */
export class Lock {
  private readonly timer: ReturnType<typeof setInterval>;
  /** Somebody else has come to have it: it is not ours again, even if the file should be. */
  private lost = false;
  private checked = 0;

  private constructor(
    private readonly path: string,
    /** Kept open, so that no other file is given its inode. */
    private readonly fd: number,
    private readonly inode: bigint,
    private readonly holder: Holder,
  ) {
    held.add(holder.token);
    this.timer = setInterval(() => this.touch(), TOUCH);
    this.timer.unref?.();
  }

  /**
   * Takes a folder (given by its real path), or rejects with a StoreError that says who has it. Where it cannot be told whether
   * a holder lives it waits until that shows, half a minute at most, and says so.
   */
  static async take(folder: string, warn: (message: string) => void): Promise<Lock> {
    const seen: Seen = new Map();
    const began = performance.now();
    for (let said = false; ; ) {
      const outcome = Lock.attempt(folder, seen);
      if (outcome instanceof Lock) return outcome;
      const { who, wait } = outcome;
      if (who !== undefined && !said) {
        said = true;
        warn(`${folder}: waiting to see whether ${who} still has it, for ${STALE / 1000} seconds at most`);
      }
      if (performance.now() - began > 2 * STALE) throw new StoreError(`${folder} keeps being opened by others`);
      await new Promise((done) => setTimeout(done, wait));
    }
  }

  /** Takes the folder, or says how long to wait until the next attempt, and for whom. Throws StoreError when somebody has it. */
  private static attempt(folder: string, seen: Seen): Lock | { who: string | undefined; wait: number } {
    const us = self(hex());
    const path = join(folder, NAME);
    const claim = `${path}.${us.token}`;
    let claimed = -1;
    try {
      claimed = openSync(claim, "wx", 0o600);
      held.add(us.token);
      writeSync(claimed, JSON.stringify(us));
      const now = fstatSync(claimed).mtimeMs;
      let busy = false;
      // The claims before the lock: who has gone on from one to the other in between is seen there.
      for (const name of readdirSync(folder)) {
        if (!name.startsWith(`${NAME}.`) || name === `${NAME}.${us.token}`) continue;
        const other = look(join(folder, name), us);
        if (other === undefined) continue;
        const { mtime } = other;
        if (other.state === "dead" || (other.state === "unsure" && watched(seen, name, mtime, now) === "dead")) {
          discard(join(folder, name));
        } else busy = true;
      }
      const there = look(path, us);
      if (there !== undefined) {
        const lives = there.state === "unsure" ? watched(seen, NAME, there.mtime, now) : there.state;
        if (lives === "alive") throw refusal(folder, there.holder, us);
        if (lives === "unsure") return { who: described(there.holder, us), wait: LOOK };
      }
      if (busy) return { who: undefined, wait: 1 + Math.random() * WITHDRAW };
      if (there !== undefined) rmSync(path, { force: true });
      try {
        linkSync(claim, path);
      } catch (error) {
        if (code(error) === "EEXIST") return { who: undefined, wait: 1 };
        if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS"].includes(code(error) ?? "")) throw error;
        // Not every file system has links.
        copyFileSync(claim, path, constants.COPYFILE_EXCL);
      }
      const fd = openSync(path, "r+");
      return new Lock(path, fd, fstatSync(fd, { bigint: true }).ino, us);
    } catch (error) {
      held.delete(us.token);
      throw storeError(error);
    } finally {
      if (claimed >= 0) {
        try {
          closeSync(claimed);
        } catch {
          // The lock has a descriptor of its own.
        }
        discard(claim);
      }
    }
  }

  /**
   * Throws when the lock is somebody else's, or gone. A few microseconds; within so many milliseconds of the last look
   * (`within`) next to nothing. A process that was stopped or asleep looks in any case: for it, time has passed.
   */
  check(within = 0): void {
    const now = Date.now();
    if (!this.lost && Math.abs(now - this.checked) < within) return;
    if (!this.lost) {
      let found: BigIntStats | undefined;
      try {
        found = statSync(this.path, { bigint: true });
      } catch (error) {
        if (code(error) !== "ENOENT") throw storeError(error);
      }
      if (found?.ino === this.inode) {
        this.checked = now;
        return;
      }
      this.lost = true;
    }
    throw new StoreError(`${this.path} is no longer ours: somebody has removed or replaced it. Nothing more is written to this folder`);
  }

  /** Shows that we live, by the file system's clock. */
  private touch(): void {
    try {
      this.check();
      try {
        writeSync(this.fd, JSON.stringify(this.holder), 0);
      } catch {
        const now = new Date();
        futimesSync(this.fd, now, now);
      }
    } catch {
      // The next append says what is wrong.
    }
  }

  release(): void {
    clearInterval(this.timer);
    held.delete(this.holder.token);
    let ours = false;
    try {
      ours = !this.lost && statSync(this.path, { bigint: true }).ino === this.inode;
    } catch {
      // It is gone, which is what was wanted.
    }
    try {
      closeSync(this.fd);
    } finally {
      if (ours) discard(this.path);
      discard(`${this.path}.${this.holder.token}`);
    }
  }
}
