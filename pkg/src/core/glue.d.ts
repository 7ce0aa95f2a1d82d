/**
 * The shape of `build/glue.js`: wasm-bindgen's generated glue, wrapped into a factory by `scripts/build.mjs`, so that
 * each engine has its own closure, instance and memory.
 */
export interface CoreOptions {
  seed: bigint;
  now: number;
  reserve?: number;
  databases?: number;
  dialect?: string;
  compat?: string;
  maxmemory?: number;
  maxmemoryPolicy?: string;
  cluster?: boolean;
  requirepass?: string;
  scriptTimeout?: number;
}

/** A node of a cluster. */
export interface CoreNode {
  id: string;
  shard: string;
  port: number;
  epoch: number;
  first: number;
  last: number;
}

export interface CoreSessionOptions {
  resp: 2 | 3;
  trusted: boolean;
  /** It hears what other nodes of the cluster are to do, and does what they say. */
  bus?: boolean;
  addr?: string;
  laddr?: string;
  name?: string;
  unix?: boolean;
  /** The user whose it is; the host vouches for it. */
  user?: string;
  /** It may only read: the gate refuses what writes, administers, is dangerous, publishes or scans. */
  readonly?: boolean;
  /** About how many bytes the reply of one command may have: beyond that it is refused before it is built. */
  maxReply?: number;
}

export interface StoreState {
  kind: string;
  appends: boolean;
  rewriting: boolean;
  saves: boolean;
  saving: boolean;
  savedOk: boolean;
  lastSave: number;
  savesDone: number;
  lastOk: boolean;
  size: number;
  baseSize: number;
  refusing: string;
  backup: string;
}

/** The ABI of `src/wasm.rs`; its documentation is there. */
export interface Core {
  mailbox(): number;
  reserve(n: number): number;
  exec(session: number, now: number, length: number): number;
  exec_many(session: number, now: number, length: number): number;
  feed(session: number, now: number, length: number): number;
  tick(now: number): void;
  go_on(now: number): void;
  is_paused(): boolean;
  open_session(options: CoreSessionOptions): number;
  close_session(session: number): void;
  setting(name: string): string;
  settings(): number;
  configure(name: string, value: string): void;
  load_users(source: string, text: string): void;
  set_users_file(name: string, read: () => string, write: (text: string) => void): void;
  reseed(seed: bigint): void;
  intercept(judge: ((frame: Uint8Array, session: number, facts: number) => unknown) | undefined): void;
  decide(session: number, now: number, answer: unknown): void;
  set_config_file(name: string, rewrite: (parameters: string) => void): void;
  set_ways(may: (name: string, value: string, dir: string) => string): void;
  needs_no_password(): boolean;
  speaks_http(session: number): boolean;
  is_waiting(session: number): boolean;
  join(nodes: readonly CoreNode[]): void;
  cancel_wait(session: number): boolean;
  wait_deadline(session: number): number;
  clone_session(session: number): number;
  database(session: number): number;
  is_subscriber(session: number): boolean;
  count_rejected(): void;
  measure(wanted: boolean): void;
  digest(): bigint;
  next_output(): number;
  keep_journal(on: boolean): void;
  take_journal(): number;
  load(length: number): number;
  load_rdb(length: number, now: number): number;
  rdb_is_done(): boolean;
  begin_import(merge: boolean): void;
  merge_import(): void;
  end_import(keep: boolean, now: number): void;
  finish_load(now: number): void;
  begin_snapshot(): void;
  begin_rdb(base: boolean): void;
  begin_mixed(whole: number): void;
  snapshot(about: number): number;
  end_snapshot(): void;
  snapshot_session(session: number): boolean;
  set_store(state: StoreState): void;
  host_did(asked: number): void;
  next_ask(): number;
  stats(): unknown;
  /** Lets go of the engine without freeing what it holds, key by key: its memory is that of its instance, and goes with that. */
  __destroy_into_raw(): number;
}

export interface Glue {
  Core: new (options: CoreOptions) => Core;
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

/** Takes the classes that turn text into UTF-8 and back, where they are not those of the environment. */
export function glue(utf8?: { TextEncoder: unknown; TextDecoder: unknown }): Glue & WebAssembly.ModuleImports;
