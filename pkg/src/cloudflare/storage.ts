/**
 * The store of a Durable Object: its SQLite database. The journal lies in rows of `wakey_journal`, each a run of RESP below
 * the platform's limit of 2 MB for a row.
 *
 *   wakey_meta     name, value     "parts": [snapshot or increment, increment, ...], what is valid, in order
 *                                  "shards": { shards, shard }, which part of how many this object is
 *   wakey_journal  part, n, bytes  the rows of a part, n = 0, 1, ...
 *
 * Storage is synchronous: an append has been written when it returns, and the platform holds back what leaves the object
 * until it is on several disks (the output gate). What one piece of code writes without awaiting is one transaction.
 *
 * A snapshot is written beside, as a part that "parts" does not name yet; what a crash leaves of it goes with the next load.
 */
import { StoreError } from "../core/errors.js";
import type { Loading, Rewrite, Store } from "../persistence/stores/store.js";
import type { ObjectStorage, SqlValue } from "./platform.js";

/** Bytes in a row, at most. */
const ROW = 1 << 20;

export class ObjectStore implements Store {
  readonly kind = "object";
  readonly synchronous = true;
  readonly strict = true;
  /** What is valid: a snapshot and increments, in order; the last one is appended to. */
  private parts: number[];
  /** `parts` has a new increment that the database does not name yet. */
  private unsaved = false;
  /** The number of the next part. */
  private next: number;
  /** The number of the next row of the last part. */
  private n = 0;

  constructor(private readonly storage: ObjectStorage) {
    const { sql } = storage;
    sql.exec("CREATE TABLE IF NOT EXISTS wakey_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
    sql.exec(
      "CREATE TABLE IF NOT EXISTS wakey_journal (part INTEGER, n INTEGER, bytes BLOB NOT NULL, PRIMARY KEY (part, n)) WITHOUT ROWID",
    );
    this.parts = (this.meta("parts") as number[] | undefined) ?? [0];
    this.next = Math.max(...this.parts) + 1;
  }

  /** A value of `wakey_meta`. */
  meta(name: string): unknown {
    const [row] = this.storage.sql.exec("SELECT value FROM wakey_meta WHERE name = ?", name).toArray();
    return row === undefined ? undefined : JSON.parse(row["value"] as string);
  }

  setMeta(name: string, value: unknown): void {
    this.storage.sql.exec("INSERT OR REPLACE INTO wakey_meta VALUES (?, ?)", name, JSON.stringify(value));
  }

  load(into: Loading): void {
    const { sql } = this.storage;
    sql.exec("DELETE FROM wakey_journal WHERE part NOT IN (SELECT value FROM json_each(?))", JSON.stringify(this.parts));
    const [total] = sql.exec("SELECT sum(length(bytes)) AS n FROM wakey_journal").toArray();
    into.expect(Number(total?.["n"] ?? 0));
    for (const part of this.parts) {
      const name = `part ${part} of the object's journal`;
      into.part(name, part === this.parts[0] && part !== 0);
      this.n = 0;
      let length = 0;
      for (const row of sql.exec("SELECT n, bytes FROM wakey_journal WHERE part = ? ORDER BY n", part)) {
        if (row["n"] !== this.n) throw new StoreError(`${name}: row ${this.n} is missing`);
        this.n++;
        const bytes = new Uint8Array(row["bytes"] as ArrayBuffer);
        length += bytes.length;
        into.feed(bytes);
      }
      // Rows are written whole or not at all: nothing tears them.
      if (into.end() !== length) throw new StoreError(`${name}: damaged, it ends within a command`);
    }
  }

  append(bytes: Uint8Array): void {
    const part = this.parts[this.parts.length - 1] as number;
    if (bytes.length <= ROW && !this.unsaved) this.insert(part, this.n, bytes);
    else {
      this.storage.transactionSync(() => {
        if (this.unsaved) this.setMeta("parts", this.parts);
        this.insertAll(part, this.n, bytes);
      });
      this.unsaved = false;
    }
    this.n += rows(bytes);
  }

  private insert(part: number, n: number, bytes: Uint8Array): void {
    const value = bytes.slice().buffer as SqlValue;
    this.storage.sql.exec("INSERT INTO wakey_journal VALUES (?, ?, ?)", part, n, value);
  }

  /** In as many rows as it takes. */
  private insertAll(part: number, n: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += ROW) this.insert(part, n++, bytes.subarray(at, at + ROW));
  }

  rewrite(): Rewrite {
    const { storage } = this;
    const base = this.next++;
    const increment = this.next++;
    let n = 0;
    let begun = false;
    return {
      rdb: "mixed",
      begin: () => {
        begun = true;
        this.parts = [...this.parts, increment];
        this.unsaved = true;
        this.n = 0;
      },
      write: (slice) => {
        storage.transactionSync(() => this.insertAll(base, n, slice));
        n += rows(slice);
      },
      commit: () => {
        if (!begun) throw new StoreError("a snapshot was ended before its increment began");
        storage.transactionSync(() => {
          this.setMeta("parts", [base, increment]);
          storage.sql.exec("DELETE FROM wakey_journal WHERE part NOT IN (?, ?)", base, increment);
        });
        this.parts = [base, increment];
        this.unsaved = false;
      },
      abort: () => {
        try {
          storage.sql.exec("DELETE FROM wakey_journal WHERE part = ?", base);
        } catch {
          // The next load takes them away.
        }
      },
    };
  }

  close(): void {}
}

/** How many rows these bytes take. */
function rows(bytes: Uint8Array): number {
  return Math.ceil(bytes.length / ROW);
}
