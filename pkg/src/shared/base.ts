/** What a leader leads: an engine on its store. Runs what is asked, and keeps the answers of what has changed something. */
import type { Wakey } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import { engineOf } from "../client/port.js";
import { wait } from "../client/wait.js";
import { cross } from "../core/cross.js";
import { WAITING } from "../core/mailbox.gen.js";
import { Persistence } from "../persistence/driver.js";
import type { Command } from "../resp/command.js";

export class Base {
  constructor(readonly db: Wakey<Entries>) {}

  get ended(): boolean {
    return engineOf(this.db).ended !== undefined;
  }

  /** The answers that the store has. */
  receipts(): ReadonlyMap<string, readonly Uint8Array[]> {
    return Persistence.of(engineOf(this.db))?.receipts() ?? new Map();
  }

  /** Nobody will ask for this answer again. */
  forget(request: string): void {
    if (!this.ended) Persistence.of(engineOf(this.db))?.note({ request });
  }

  /**
   * Runs commands in a session of their own; done when the store has what they did. `keep` is told the replies when they belong
   * to a change: they are stored with it. The signal ends a wait: then the promise is rejected with its reason. No commands:
   * what was answered before is brought as far as the store can.
   */
  async run(request: string, database: number, commands: Command[], signal: AbortSignal, keep: (replies: Uint8Array[]) => void) {
    const engine = engineOf(this.db);
    const persistence = Persistence.of(engine);
    const session = engine.openSession({ resp: 3, trusted: true }, () => {});
    const before = persistence?.taken;
    const note = (replies: Uint8Array[]): void => {
      if (persistence === undefined || persistence.taken === before) return;
      persistence.note({ request, replies });
      keep(replies);
    };
    const replies: Uint8Array[] = [];
    try {
      if (database !== 0) cross(engine, session, ["SELECT", String(database)]);
      for (const command of commands) {
        const { reply, flags } = cross(engine, session, command);
        if ((flags & WAITING) === 0) {
          const saved = engine.attend(flags);
          if (saved !== undefined) await saved;
          replies.push(reply);
          continue;
        }
        if (signal.aborted) throw signal.reason;
        // Noted where it is delivered: beside the bytes of whoever served it.
        const later = wait(engine, session, engine.endListeners, signal, (bytes) => {
          note([...replies, bytes]);
          return bytes;
        });
        void engine.attend(flags);
        replies.push(await later);
        await persistence?.stored();
        return replies;
      }
      if (persistence?.taken !== before) {
        note(replies);
        await persistence?.stored();
      }
      if (commands.length === 0) await persistence?.durable();
      return replies;
    } finally {
      if (engine.ended === undefined) engine.closeSession(session);
    }
  }

  /** The reply of one command that does not wait. */
  ask(database: number, command: Command): Uint8Array {
    const engine = engineOf(this.db);
    const session = engine.openSession({ resp: 3, trusted: true }, () => {});
    try {
      if (database !== 0) cross(engine, session, ["SELECT", String(database)]);
      return cross(engine, session, command).reply;
    } finally {
      engine.closeSession(session);
    }
  }

  close(): Promise<void> {
    return this.db.close();
  }
}
