/**
 * WebSockets that carry RESP, and that stay open while the object sleeps (hibernation). A message is any piece of a client's
 * stream, as a packet is of TCP; replies and pushes are binary messages.
 *
 * What a session is stands in its socket's attachment, as the commands that make a fresh session the same: HELLO, SELECT,
 * CLIENT SETNAME, SUBSCRIBE. Where that is longer than an attachment may be it stands in the table `wakey_sockets`. An object
 * that wakes runs them and drops the replies.
 *
 * A session that waits for good (BLPOP key 0) is woken with its command besides. For what no commands can bring back (a
 * transaction, watched keys, half a command, a wait with an end) the object is kept awake by a timer; where it ends all the
 * same, at a deployment, such a socket is closed with code 1012 when the object is back.
 */
import type { Engine } from "../core/engine.js";
import { BACKLOG, CLOSE } from "../core/mailbox.gen.js";
import { type Access, boundOf, sessionOf } from "../http/backend.js";
import { accessOf, type Tokens } from "../http/fetch.js";
import { ReplyError } from "../resp/errors.js";
import { onlyCommand } from "../resp/incoming.js";
import { bytes as bytesOf, latin1 } from "../resp/latin1.js";
import { encode } from "../resp/utf8.js";
import { command } from "../resp/write.js";
import type { Opened } from "./opened.js";
import { type ObjectContext, type ObjectSocket, socketPair } from "./platform.js";

/** Bytes of commands that an attachment takes; the platform's limit is 2,048 with what it adds. */
const ATTACHED = 1536;
/** How often a timer that keeps the object awake fires, in milliseconds: it has nothing to do. */
const AWAKE = 60_000;

const EMPTY = new Uint8Array(0);

/** What a socket keeps while the object sleeps. */
interface Attachment {
  access: Access;
  /** The commands, or the row of `wakey_sockets` that has them; undefined where there are none that would do. */
  state: Uint8Array | number | undefined;
}

interface Session {
  id: number;
  access: Access;
  /** What the attachment says, as latin1; undefined where the session cannot be brought back. */
  state: string | undefined;
  /** Its row in `wakey_sockets`. */
  row: number | undefined;
  /** Whether it waited for a reply when it was last looked at. */
  waits: boolean;
  /** A SAVE is under way: what comes meanwhile waits for its turn. */
  saving: boolean;
  turn: Promise<void>;
  /** Bytes of replies since the last message came. */
  answered: number;
}

export class Sockets {
  private opened: Opened | undefined;
  private readonly sessions = new Map<ObjectSocket, Session>();
  private awake: ReturnType<typeof setInterval> | undefined;

  /** @param maxReply Bytes that one message may be answered. */
  constructor(
    private readonly ctx: ObjectContext,
    private readonly maxReply: () => number,
  ) {}

  /** The database has been opened: sessions for the sockets that were there before. */
  attach(opened: Opened): void {
    this.opened = opened;
    const { sql } = this.ctx.storage;
    const used: number[] = [];
    for (const socket of this.ctx.getWebSockets()) {
      const kept = socket.deserializeAttachment() as Attachment | null;
      if (kept === null || kept.state === undefined) {
        close(socket, 1012, "the object restarted within a transaction, a wait, or a command");
        continue;
      }
      let state: Uint8Array;
      if (typeof kept.state === "number") {
        used.push(kept.state);
        const [row] = sql.exec("SELECT state FROM wakey_sockets WHERE id = ?", kept.state).toArray();
        state = row === undefined ? EMPTY : new Uint8Array(row["state"] as ArrayBuffer);
      } else state = kept.state;
      const session = this.openSession(opened.engine, socket, kept.access);
      session.row = typeof kept.state === "number" ? kept.state : undefined;
      session.state = latin1(state);
      opened.engine.feed(session.id, state);
      session.waits = opened.engine.isWaiting(session.id);
    }
    if (sql.exec("SELECT name FROM sqlite_master WHERE name = 'wakey_sockets'").toArray().length > 0)
      sql.exec("DELETE FROM wakey_sockets WHERE id NOT IN (SELECT value FROM json_each(?))", JSON.stringify(used));
  }

  /** The engine is gone. Sockets stay; their sessions come back with the next engine. */
  detach(): void {
    this.opened = undefined;
    this.sessions.clear();
    this.stayAwake();
  }

  /** Answers a request to upgrade. */
  async accept(request: Request, tokens: Tokens, open: () => Promise<Opened>): Promise<Response> {
    const access = accessOf(request, new URL(request.url), tokens);
    if (access === undefined) return Response.json({ error: "Unauthorized" }, { status: 401, headers: { "www-authenticate": "Bearer" } });
    const { engine } = await open();
    const [client, server] = socketPair();
    this.ctx.acceptWebSocket(server);
    const session = this.openSession(engine, server, access);
    this.keep(server, session, "");
    return new Response(null, { status: 101, webSocket: client } as ResponseInit);
  }

  private openSession(engine: Engine, socket: ObjectSocket, access: Access): Session {
    const options = { ...sessionOf(access), ...boundOf(this.maxReply()) };
    const id = engine.openSession(options, (reply, closed, more) => {
      this.send(socket, reply);
      if (closed) {
        this.drop(socket, true);
        return;
      }
      // In its turn, not between two deliveries. A message changes nothing; the end of a wait does.
      if (more) engine.out.later(() => this.feed(socket, session, EMPTY), 0, 0);
      else if (session.waits) engine.out.later(() => this.note(socket, session, EMPTY), 0, 0);
    });
    const session: Session = { id, access, state: "", row: undefined, waits: false, saving: false, turn: Promise.resolve(), answered: 0 };
    this.sessions.set(socket, session);
    return session;
  }

  /** A message has come. `open` has been awaited. */
  receive(socket: ObjectSocket, message: ArrayBuffer | string): void {
    const session = this.sessions.get(socket);
    if (session === undefined) {
      close(socket, 1011, "this session is gone");
      return;
    }
    const chunk = typeof message === "string" ? encode(message) : new Uint8Array(message);
    if (session.saving) session.turn = session.turn.then(() => this.answer(socket, session, chunk));
    else this.answer(socket, session, chunk);
  }

  private answer(socket: ObjectSocket, session: Session, chunk: Uint8Array): void {
    session.answered = 0;
    this.feed(socket, session, chunk);
  }

  private feed(socket: ObjectSocket, session: Session, chunk: Uint8Array): void {
    const engine = this.opened?.engine;
    if (engine === undefined || this.sessions.get(socket) !== session) return;
    try {
      for (let more = true, piece = chunk; more; piece = EMPTY) {
        const n = engine.feed(session.id, piece);
        const flags = engine.flags();
        session.answered += n;
        if (session.answered > this.maxReply()) {
          void engine.attend(flags)?.catch(() => {});
          close(socket, 1009, "the replies to one message are over maxReply");
          this.drop(socket, false);
          return;
        }
        const reply = engine.replyCopy(n);
        const saved = engine.attend(flags);
        if (saved !== undefined) {
          session.saving = true;
          session.turn = saved.then(
            () => {
              session.saving = false;
              this.send(socket, reply);
              if (flags & BACKLOG) this.feed(socket, session, EMPTY);
            },
            () => close(socket, 1011, "the storage refuses"),
          );
          return;
        }
        this.send(socket, reply);
        if (flags & CLOSE) {
          this.drop(socket, true);
          return;
        }
        more = (flags & BACKLOG) !== 0;
      }
      this.note(socket, session, chunk);
    } catch (error) {
      // The storage has not taken what the replies would be about, or the engine is gone.
      close(socket, 1011, error instanceof ReplyError ? "the storage refuses" : "the engine has stopped");
      if (error instanceof ReplyError) this.drop(socket, false);
    }
  }

  /** Keeps what the session is now, where that has changed. `chunk`: what it has sent last. */
  private note(socket: ObjectSocket, session: Session, chunk: Uint8Array): void {
    const engine = this.opened?.engine;
    if (engine === undefined || this.sessions.get(socket) !== session) return;
    const found = engine.snapshotSession(session.id);
    let state = found === undefined ? undefined : latin1(found);
    session.waits = state === undefined && engine.isWaiting(session.id);
    if (session.waits) {
      if (chunk.length === 0) return;
      const only = onlyCommand(latin1(chunk));
      // A script that is paused is no wait: it does not run twice.
      const forGood = !engine.isPaused() && engine.waitDeadline(session.id) === Number.POSITIVE_INFINITY;
      if (only !== undefined && forGood && session.state !== undefined) state = session.state + command(only.map(latin1));
    }
    if (state !== session.state) this.keep(socket, session, state);
  }

  private keep(socket: ObjectSocket, session: Session, state: string | undefined): void {
    const { sql } = this.ctx.storage;
    session.state = state;
    const { access } = session;
    if (state === undefined || state.length <= ATTACHED) {
      if (session.row !== undefined) sql.exec("DELETE FROM wakey_sockets WHERE id = ?", session.row);
      session.row = undefined;
      socket.serializeAttachment({ access, state: state === undefined ? undefined : bytesOf(state) } satisfies Attachment);
    } else {
      sql.exec("CREATE TABLE IF NOT EXISTS wakey_sockets (id INTEGER PRIMARY KEY AUTOINCREMENT, state BLOB NOT NULL)");
      const value = bytesOf(state).buffer as ArrayBuffer;
      if (session.row === undefined) {
        const [row] = sql.exec("INSERT INTO wakey_sockets (state) VALUES (?) RETURNING id", value).toArray();
        session.row = row?.["id"] as number;
        socket.serializeAttachment({ access, state: session.row } satisfies Attachment);
      } else sql.exec("UPDATE wakey_sockets SET state = ? WHERE id = ?", value, session.row);
    }
    this.stayAwake();
  }

  /** The client has closed it, or it failed. */
  drop(socket: ObjectSocket, answer: boolean): void {
    const session = this.sessions.get(socket);
    if (session !== undefined) {
      this.sessions.delete(socket);
      if (session.row !== undefined) this.ctx.storage.sql.exec("DELETE FROM wakey_sockets WHERE id = ?", session.row);
      if (this.opened?.engine.ended === undefined) this.opened?.engine.closeSession(session.id);
      this.stayAwake();
    }
    if (answer) close(socket, 1000, "");
  }

  private send(socket: ObjectSocket, reply: Uint8Array): void {
    if (reply.length === 0) return;
    try {
      socket.send(reply);
    } catch {
      // It is closing; `webSocketClose` follows.
    }
  }

  /** Whether the object may sleep: a timer keeps it from that. */
  private stayAwake(): void {
    const needed = [...this.sessions.values()].some((session) => session.state === undefined);
    if (needed === (this.awake !== undefined)) return;
    if (needed) this.awake = setInterval(() => {}, AWAKE);
    else {
      clearInterval(this.awake);
      this.awake = undefined;
    }
  }
}

function close(socket: ObjectSocket, code: number, reason: string): void {
  try {
    socket.close(code, reason);
  } catch {
    // It is closed.
  }
}
