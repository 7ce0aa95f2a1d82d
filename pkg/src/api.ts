/** What every entry exports besides `open`. */

export { Client, type SessionOptions, Wakey } from "./client/client.js";
export type { Answer, ClaimedEntry, Entries, Entry, GoneEntry, Later, MapReply, Promised, StreamEntry } from "./client/command-types.js";
export type { Commands } from "./client/commands.gen.js";
export type { Fault, Intercepted, InterceptOptions, Interceptor, Verdict } from "./client/intercept.js";
export type { CallArg } from "./client/interface.js";
export type { Live, Settled } from "./client/live.js";
export type { Message, Names, Stop, Topics } from "./client/messages.js";
export { type Queue, type Replies, Transaction } from "./client/multi.js";
export type { Observed } from "./client/observe.js";
export type { Prepared, PrepareOptions } from "./client/prepared.js";
export type { ExportOptions, ImportOptions, RdbProgress, RdbSource } from "./client/rdb.js";
export type { ScanOptions } from "./client/scan.js";
export type { WaitOptions } from "./client/wait.js";
export { type Clock, type ManualClock, manualClock } from "./core/clock.js";
export type { Stats } from "./core/engine.js";
export { ClosedError, StoreError, TrapError } from "./core/errors.js";
export type { Open, OpenSync, OpenSyncOptions } from "./open/open.js";
export type { Dialect, OpenOptions, Release, WasmSource } from "./open/options.js";
export type { User } from "./open/users.js";
export type { Progress } from "./persistence/load.js";
export type { Append, AppendFsync } from "./persistence/stores/aof.js";
export type { Durability } from "./persistence/stores/idb.js";
export type { Loading, Receipt, Rewrite, Store, StoreHost } from "./persistence/stores/store.js";
export type { Arg } from "./resp/command.js";
export { ReplyError, ValueError } from "./resp/errors.js";
export type { Reply } from "./resp/values.js";
export type { SharedQueue, SharedTransaction, SharedWakey } from "./shared/client.js";
