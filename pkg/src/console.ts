/**
 * The interactive client: prompt, history in `~/.wakey_history`, completion, and the rest of a command's syntax in dim
 * letters behind the cursor, from COMMAND DOCS.
 */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { shown, words } from "./format.js";
import { completions, type Doc, docs, find, help, remaining } from "./hints.js";
import type { Link } from "./links.js";
import type { Node } from "./resp.js";

const HISTORY = 1000;
/** Lines with secrets are not kept. */
const SECRET = /^\s*(auth\b|hello\b.*\bauth\b|config\s+set\b.*\b(requirepass|masterauth)\b|acl\s+setuser\b)/i;
/** Replies that took longer than this many milliseconds show their time. */
const SLOW = 500;

export class Console {
  private readonly file = process.env["WAKEY_HISTFILE"] ?? join(homedir(), ".wakey_history");
  private readonly terminal: Interface;
  private all: Map<string, Doc> = new Map();
  private transaction = false;
  private readonly queue: string[] = [];
  private busy = false;
  private done: () => void = () => {};
  private closed = false;

  /** `again` makes a new connection when this one is lost. */
  constructor(
    private on: Link,
    private readonly again: (() => Promise<Link>) | undefined,
    private database = 0,
  ) {
    this.terminal = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      history: this.past(),
      historySize: HISTORY,
      removeHistoryDuplicates: true,
      completer: (line: string): [string[], string] => [completions(this.all, line), line],
    });
    // Before readline handles the key: the hint must be gone when Enter moves to the next line.
    process.stdin.prependListener("keypress", (_text: string, key: { name?: string } | undefined) => {
      if (!this.closed && (key?.name === "return" || key?.name === "enter")) process.stdout.write("\x1b[K");
    });
    process.stdin.on("keypress", () => setImmediate(() => this.hint()));
    this.terminal.on("line", (line) => {
      this.queue.push(line);
      void this.work();
    });
    this.terminal.on("SIGINT", () => this.close());
    this.terminal.on("close", () => this.close());
  }

  private past(): string[] {
    try {
      return readFileSync(this.file, "utf8").split("\n").filter(Boolean).slice(-HISTORY).reverse();
    } catch {
      return [];
    }
  }

  private remember(line: string): void {
    if (line.trim() === "" || SECRET.test(line)) return;
    try {
      appendFileSync(this.file, `${line}\n`, { mode: 0o600 });
    } catch {
      // A history that cannot be written is no reason to stop.
    }
  }

  /** Reads and runs lines until the user ends it. */
  async run(): Promise<void> {
    const ended = new Promise<void>((done) => {
      this.done = done;
    });
    try {
      const reply = await this.on.send(["COMMAND", "DOCS"]);
      if (reply !== undefined) this.all = docs(reply);
    } catch {
      // Hints are a comfort; without them the client works.
    }
    this.prompt();
    await ended;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.terminal.close();
    this.trim();
    this.on.close();
    this.done();
  }

  private trim(): void {
    try {
      const lines = readFileSync(this.file, "utf8").split("\n").filter(Boolean);
      if (lines.length > HISTORY * 2) writeFileSync(this.file, `${lines.slice(-HISTORY).join("\n")}\n`, { mode: 0o600 });
    } catch {
      // As in `remember`.
    }
  }

  private prompt(): void {
    if (this.closed) return;
    const where = this.on.connected ? `${this.on.name}${this.database === 0 ? "" : `[${this.database}]`}` : "not connected";
    this.terminal.setPrompt(`${where}${this.transaction ? "(TX)" : ""}> `);
    this.terminal.prompt();
  }

  /** Shows behind the cursor what can still be typed. */
  private hint(): void {
    const { line, cursor } = this.terminal;
    if (this.closed || this.busy || cursor !== line.length) return;
    const typed = words(line);
    let text = "";
    if (typed !== undefined && typed.length > 0) {
      const found = find(this.all, typed);
      const complete = /\s$/.test(line);
      if (found) {
        const given = typed.slice(found.names);
        // The word that is being typed still counts as missing, unless a space has ended it.
        text = remaining(found.doc, given);
        if (text !== "" && !complete) text = ` ${text}`;
      }
    }
    const room = (process.stdout.columns || 80) - this.terminal.getPrompt().length - line.length - 1;
    text = text.slice(0, Math.max(room, 0));
    process.stdout.write(text === "" ? "\x1b[K" : `\x1b[K\x1b[90m${text}\x1b[0m\x1b[${text.length}D`);
  }

  private async work(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      for (let line = this.queue.shift(); line !== undefined && !this.closed; line = this.queue.shift()) await this.one(line);
    } finally {
      this.busy = false;
    }
    this.prompt();
  }

  private async one(line: string): Promise<void> {
    this.remember(line);
    const args = words(Buffer.from(line).toString("latin1"));
    if (args === undefined) return void process.stdout.write("Invalid argument(s)\n");
    const [first = ""] = args;
    switch (first.toLowerCase()) {
      case "":
        return;
      case "quit":
      case "exit":
        return this.close();
      case "clear":
        return void process.stdout.write("\x1b[H\x1b[2J\x1b[3J");
      case "help":
      case "?":
        return void process.stdout.write(`${help(this.all, args.slice(1))}\n`);
    }
    const times = args.length > 1 && /^\d+$/.test(first) ? Number(args.shift()) : 1;
    for (let i = 0; i < times && !this.closed; i++) {
      try {
        await this.command(args);
      } catch (error) {
        process.stdout.write(`Error: ${(error as Error).message}\n`);
        return;
      }
    }
  }

  private async command(args: string[]): Promise<void> {
    if (!this.on.connected && this.again) {
      this.on = await this.again();
      this.transaction = false;
    }
    const start = performance.now();
    const reply = await this.on.send(args);
    const took = performance.now() - start;
    if (reply === undefined) return;
    this.follow(args, reply);
    process.stdout.write(Buffer.from(shown(reply, args, "pretty"), "latin1"));
    if (took >= SLOW) process.stdout.write(`(${(took / 1000).toFixed(2)}s)\n`);
  }

  /** Keeps the prompt true. */
  private follow(args: readonly string[], reply: Node): void {
    if (reply.type === "error") return;
    const name = (args[0] as string).toLowerCase();
    if (name === "select" && !this.transaction) this.database = Number(args[1]);
    else if (name === "multi") this.transaction = true;
    else if (name === "exec" || name === "discard") this.transaction = false;
    else if (name === "reset") {
      this.database = 0;
      this.transaction = false;
    }
  }
}
