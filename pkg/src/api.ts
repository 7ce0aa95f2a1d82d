/** What every entry exports besides `open`. */

export { type CallArg, Client, type SessionOptions, Wakey } from "./client.js";
export { type Clock, type ManualClock, manualClock } from "./clock.js";
export type { Arg, Reply } from "./codec.js";
export type { Answer, Commands, Later, MapReply, Promised } from "./commands.gen.js";
export type { Stats } from "./engine.js";
export { ClosedError, ReplyError, StoreError, TrapError, ValueError } from "./errors.js";
export type { Message, Names, Stop, Topics } from "./messages.js";
export type { Dialect, Open, OpenOptions, WasmSource } from "./open.js";
export type { Progress } from "./persist.js";
export type { SharedTransaction, SharedWakey } from "./shared/client.js";
export type { AppendFsync } from "./stores/aof.js";
export type { Durability } from "./stores/idb.js";
export type { Loading, Receipt, Rewrite, Store, StoreHost } from "./stores/store.js";
export { type Queue, type Replies, type SharedQueue, Transaction } from "./transaction.js";
export type { WaitOptions } from "./wait.js";
