/**
 * The mailbox: what the engine and its host share at a fixed address of wasm memory, as `src/wasm` lays it out. Made by `make gen`;
 * do not edit.
 */

// Words of 32 bits, by their number.
export const REQUEST = 0;
export const CAPACITY = 1;
export const REPLY = 2;
export const LENGTH = 3;
export const FLAGS = 4;
export const JOURNAL = 5;
/** How many there are in front of the deadline. */
export const WORDS = 6;
/** Where the next deadline stands, a f64, in bytes. */
export const DEADLINE_AT = 24;

// Bits of the word FLAGS.
/** This session is to be closed once its reply is sent. */
export const CLOSE = 1;
/** next_output() has something. */
export const OUTPUT = 2;
/** feed() is to be called again, without bytes, once this reply is sent. */
export const BACKLOG = 4;
/** The session waits: the reply of its command comes later. */
export const WAITING = 8;
/** There are pushes in front of the reply, behind it, or in its place. */
export const PUSHES = 16;
/** The output is the same as that of the session before. */
export const SAME = 32;
/** next_ask() has something. */
export const ASKS = 64;

// What the engine asks of its host, by `next_ask()`.
/** BGREWRITEAOF: a snapshot in the background, in the place of what is kept. */
export const ASK_REWRITE = 1;
/** SAVE: an RDB file, or where the host writes none a snapshot, before the reply leaves if it can do that. */
export const ASK_SAVE_NOW = 2;
/** SHUTDOWN NOSAVE, or without a store. */
export const ASK_END = 3;
/** SHUTDOWN with a store, or with what `save` or SAVE asks for: not before that is written. Where it cannot be, `Engine::host_did` is to be called. */
export const ASK_SAVE_AND_END = 4;
/** A script is paused: `Engine::go_on` is to be called, once others have had their turn. */
export const ASK_GO_ON = 5;
/** BGSAVE, and a point of `save` that is reached: as SAVE, in the background. */
export const ASK_SAVE_SOON = 6;
/** As `HostRequest::SaveAndEnd`, but the end comes also where nothing can be written: SHUTDOWN FORCE. */
export const ASK_FORCE_END = 7;
/** WAITAOF: `Engine::host_did` is to be called once all that was journaled is on the disk. */
export const ASK_SYNC = 8;
/** `appendonly` was changed: an append-only file is to be begun, or the one that there is ended. */
export const ASK_APPEND = 9;
/** BACKUP: one is to be begun in an empty folder; to be made whole, and nothing that comes after; to be given up; its files are to be removed. What comes of it is told in `Store::backup`. */
export const ASK_BACKUP_START = 10;
export const ASK_BACKUP_SEAL = 11;
export const ASK_BACKUP_ABORT = 12;
export const ASK_BACKUP_CLEANUP = 13;
