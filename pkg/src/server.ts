/** The entry `wakey/server`: RESP over TCP and a Unix socket. */
import { listener, type ServeOptions, type Server } from "./net/listener.js";
import { open } from "./node.js";
import { testClock } from "./testing/clock.js";
import { answerWakey } from "./testing/wire.js";

export type { ServeOptions, Server };

/** Serves a database to RESP clients. Resolves when it listens. */
export const serve: (options?: ServeOptions) => Promise<Server> = listener(open, { clock: testClock, answer: answerWakey });
