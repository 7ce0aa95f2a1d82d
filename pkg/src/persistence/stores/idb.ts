/**
 * `idb:` a database of IndexedDB, for pages and workers.
 *
 * Object store `journal` holds batches under ascending numbers, `snapshot` the slices of snapshots under [generation, i],
 * `meta` one record: which generation counts, from which batch on the journal stands behind it. A batch is one transaction:
 * it is there whole, or not. `receipts` has the answers to requests of other tabs, written with the batch that they are about
 * (`shared/receipts.ts`). A snapshot's slices are written beside; one transaction makes it the one that counts and removes
 * what is needless then. The numbers of batches are given here, so the order is that of the appends.
 */
import { StoreError } from "../../core/errors.js";
import { type Loading, type Receipt, type Rewrite, type Store, type StoreHost, storeError } from "./store.js";

/** Whether a batch counts as written once the system has it (`relaxed`), or once the disk has (`strict`). */
export type Durability = "relaxed" | "strict";

interface Meta {
  generation: number;
  /** The first batch behind the snapshot. */
  from: number;
  /** Bytes of the snapshot. */
  size: number;
}

const EMPTY: Meta = { generation: 0, from: 0, size: 0 };
/** Records read in one go. */
const READ = 32;

/** The result of a request. */
function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

/** The end of a transaction. */
function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((done, failed) => {
    transaction.oncomplete = () => done();
    transaction.onabort = () => failed(transaction.error ?? new StoreError("the transaction was aborted"));
  });
}

function connect(name: string): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const store of ["journal", "snapshot", "meta", "receipts"]) request.result.createObjectStore(store);
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

export class IdbStore implements Store {
  readonly kind = "idb";
  readonly synchronous = false;
  readonly strict = false;
  private db: IDBDatabase | undefined = undefined;
  private meta: Meta = EMPTY;
  /** The number of the next batch. */
  private next = 0;
  /** Data was lost with the database: the next one to be made begins with a snapshot. */
  private emptied = false;
  private host: StoreHost | undefined = undefined;
  private readonly answered = new Map<string, readonly Uint8Array[]>();

  /**
   * @param release Called when the store is closed.
   * @param check Throws when somebody else has come to hold the database.
   */
  constructor(
    private readonly name: string,
    private readonly durability: Durability,
    private readonly check: () => void,
    private readonly release: () => Promise<void>,
  ) {}

  private async open(): Promise<IDBDatabase> {
    this.check();
    if (this.db !== undefined) return this.db;
    const db = await connect(this.name);
    db.onclose = () => this.gone("was closed by the browser", db);
    // Somebody deletes it. To stand in the way would only keep him waiting.
    db.onversionchange = () => {
      db.close();
      this.gone("is being deleted", db);
    };
    this.db = db;
    return db;
  }

  private gone(how: string, db: IDBDatabase): void {
    if (this.db !== db) return;
    this.db = undefined;
    this.emptied = true;
    this.host?.failed(new StoreError(`the IndexedDB database '${this.name}' ${how}`, { lost: true }));
  }

  /** Runs `write` in a transaction; done when that is. */
  private async change(stores: string[], write: (transaction: IDBTransaction) => void): Promise<void> {
    try {
      const db = await this.open();
      const transaction = db.transaction(stores, "readwrite", { durability: this.durability });
      const end = finished(transaction);
      try {
        write(transaction);
        transaction.commit();
      } catch (error) {
        end.catch(() => {});
        transaction.abort();
        throw error;
      }
      await end;
    } catch (error) {
      throw storeError(error, this.emptied);
    }
  }

  async load(into: Loading): Promise<void> {
    try {
      const db = await this.open();
      const read = (store: string): IDBObjectStore => db.transaction(store).objectStore(store);
      this.meta = ((await result(read("meta").get("meta"))) as Meta | undefined) ?? EMPTY;
      const { generation, from, size } = this.meta;
      into.expect(size);
      into.part(`idb:${this.name}, snapshot`, true);
      await this.all(db, "snapshot", [generation, 0], [generation, Number.MAX_SAFE_INTEGER], into);
      into.part(`idb:${this.name}, journal`, false);
      const last = await this.all(db, "journal", from, Number.MAX_SAFE_INTEGER, into);
      this.next = last === undefined ? from : (last as number) + 1;
      const kept = read("receipts");
      const [requests, replies] = await Promise.all([result(kept.getAllKeys()), result(kept.getAll())]);
      for (const [i, request] of requests.entries()) this.answered.set(request as string, replies[i] as Uint8Array[]);
    } catch (error) {
      throw storeError(error);
    }
  }

  /** Hands over the records of a range, a few at a time; the last key. A part is whole: nothing is ever torn here. */
  private async all(db: IDBDatabase, store: string, low: IDBValidKey, high: IDBValidKey, into: Loading): Promise<IDBValidKey | undefined> {
    let after: IDBValidKey | undefined;
    let bytes = 0;
    for (;;) {
      const range = after === undefined ? IDBKeyRange.bound(low, high) : IDBKeyRange.bound(after, high, true);
      const records = db.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([result(records.getAllKeys(range, READ)), result(records.getAll(range, READ))]);
      for (const value of values) {
        into.feed(value as Uint8Array);
        bytes += (value as Uint8Array).length;
      }
      if (keys.length === 0) {
        const whole = into.end();
        if (whole !== bytes) throw new StoreError(`idb:${this.name}, ${store}: ends in the middle of a command, at offset ${whole}`);
        return after;
      }
      after = keys.at(-1);
    }
  }

  watch(host: StoreHost): void {
    this.host = host;
  }

  receipts(): ReadonlyMap<string, readonly Uint8Array[]> {
    return this.answered;
  }

  async append(bytes: Uint8Array, receipts: readonly Receipt[] = []): Promise<void> {
    if (this.emptied) throw new StoreError(`the data in the IndexedDB database '${this.name}' was deleted`, { lost: true });
    const kept = receipts.length > 0 ? ["receipts"] : [];
    await this.change(["journal", ...kept], (transaction) => {
      if (bytes.length > 0) transaction.objectStore("journal").put(bytes, this.next);
      for (const { request, replies } of receipts) {
        if (replies === undefined) transaction.objectStore("receipts").delete(request);
        else transaction.objectStore("receipts").put(replies, request);
      }
    });
    if (bytes.length > 0) this.next++;
    for (const { request, replies } of receipts) {
      if (replies === undefined) this.answered.delete(request);
    }
  }

  async rewrite(): Promise<Rewrite> {
    const generation = this.meta.generation + 1;
    let from = 0;
    let i = 0;
    let size = 0;
    const range = IDBKeyRange.bound([generation, 0], [generation, Number.MAX_SAFE_INTEGER]);
    // What an earlier attempt has left.
    await this.change(["snapshot"], (transaction) => {
      transaction.objectStore("snapshot").delete(range);
    });
    return {
      rdb: "mixed",
      begin: () => {
        from = this.next;
      },
      write: async (slice) => {
        await this.change(["snapshot"], (transaction) => {
          transaction.objectStore("snapshot").put(slice, [generation, i]);
        });
        i++;
        size += slice.length;
      },
      commit: async () => {
        const meta = { generation, from, size };
        await this.change(["snapshot", "journal", "meta"], (transaction) => {
          transaction.objectStore("meta").put(meta, "meta");
          transaction.objectStore("journal").delete(IDBKeyRange.upperBound(from, true));
          transaction.objectStore("snapshot").delete(IDBKeyRange.upperBound([generation, 0], true));
        });
        this.meta = meta;
        this.emptied = false;
      },
      abort: async () => {
        await this.change(["snapshot"], (transaction) => {
          transaction.objectStore("snapshot").delete(range);
        }).catch(() => {});
      },
    };
  }

  close(): Promise<void> {
    const { db } = this;
    this.db = undefined;
    db?.close();
    return this.release();
  }
}
