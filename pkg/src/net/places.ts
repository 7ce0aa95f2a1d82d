/**
 * What a server does with folders for clients: `dir`, where RDB files go, and `appendonly`, which begins and ends an append-only file
 * there (`appendonlydir`) while it runs, as in Redis.
 */
import { accessSync, constants, mkdirSync, realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Engine } from "../core/engine.js";
import { Persistence } from "../persistence/driver.js";
import { fileStore } from "../persistence/stores/file.js";

/** What Redis says, whatever the reason: that is in its log. */
const NO_AOF = "Unable to turn on AOF. Check server logs.";

const REASONS = new Map([
  ["ENOENT", "No such file or directory"],
  ["ENOTDIR", "Not a directory"],
  ["EACCES", "Permission denied"],
]);

/** @internal */
export class Places {
  /** An append-only file is being begun or ended. */
  private following = false;

  private constructor(
    private readonly engine: Engine,
    private readonly alone: boolean,
    private readonly warn: (message: string) => void,
  ) {}

  /** `alone`: the folder is this engine's, and not that of several nodes. */
  static attach(engine: Engine, alone: boolean, warn: (message: string) => void): void {
    const places = new Places(engine, alone, warn);
    engine.setWays((name, value, dir) => (name === "dir" ? folder(value, dir) : places.append(value, dir)));
    engine.onappend = () => {
      // What is asked for is shown, until it is known to be otherwise.
      engine.setStore({ appends: places.wanted });
      if (!places.following) void places.follow();
    };
  }

  private get wanted(): boolean {
    return this.engine.setting("appendonly") === "yes";
  }

  private append(value: string, dir: string): string {
    if (value !== "yes") return value;
    try {
      if (!this.alone) throw new Error("the nodes of a cluster in one process have one folder");
      if (this.engine.persistence !== undefined && !this.following) throw new Error("the data is kept in an RDB file already");
      mkdirSync(join(dir, "appendonlydir"), { recursive: true, mode: 0o700 });
    } catch (error) {
      this.warn(`Can't turn on the AOF: ${(error as Error).message}`);
      throw new Error(NO_AOF);
    }
    return value;
  }

  /** Does what is wanted, until nothing else is. */
  private async follow(): Promise<void> {
    const { engine } = this;
    this.following = true;
    try {
      while (engine.ended === undefined && this.wanted !== (engine.persistence !== undefined)) {
        if (this.wanted) await Persistence.begin(engine, await fileStore(engine.setting("dir"), { onWarning: this.warn }));
        else await Persistence.of(engine)?.end();
      }
    } catch (error) {
      this.warn(`${this.wanted ? "the AOF could not be begun" : "the AOF was ended"}: ${(error as Error).message}`);
      if (engine.ended === undefined) engine.setStore({ appends: engine.persistence !== undefined, lastOk: false });
    } finally {
      this.following = false;
    }
  }
}

/** Where a folder is, seen from another one; why it cannot be, in the words of Redis. */
function folder(value: string, from: string): string {
  try {
    const path = value === "" ? value : resolve(from, value);
    if (!statSync(path).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
    accessSync(path, constants.X_OK);
    return realpathSync(path);
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new Error(REASONS.get(code) ?? message);
  }
}
