/** The entry `wakey/server`: RESP over TCP and a Unix socket. */
import { listener, type Serve } from "./net/listener.js";
import type { ServeOptions, Server } from "./net/options.js";
import type { ShardedServer, SlotMove } from "./net/shards.js";
import { open } from "./node.js";
import { testClock } from "./testing/clock.js";
import { answerWakey } from "./testing/wire.js";

export type { ServeOptions, Server, ShardedServer, SlotMove };

/** Serves a database, or with `shards` a cluster, to RESP clients. Resolves when it listens. */
export const serve: Serve = listener(open, { clock: testClock, answer: answerWakey });
