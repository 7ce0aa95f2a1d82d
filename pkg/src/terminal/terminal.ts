/**
 * The interactive client: prompt, history in `~/.wakey_history`, completion, and the rest of a command's syntax in dim
 * letters behind the cursor, from COMMAND DOCS.
 *
 * A command that waits is waited for; messages are shown as they come. Ctrl-C ends either, and at the prompt the client.
 */
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { message, openQuote, shown, times, words } from "../prompt/format.js";
import { completions, type Doc, docs, find, help, remaining } from "../prompt/hints.js";
import type { Link } from "../prompt/links.js";
import { isSecret } from "../prompt/secrets.js";
import { HISTORY, Place, SLOW } from "../prompt/shell.js";

/** The prompt of a line that goes on, because the one before ended inside quotes. */
const MORE = "...> ";

/** A command as one line, as a history keeps it; undefined where it cannot be one. */
function oneLine(command: string): string | undefined {
  const lines = command.split("\n");
  let out = "";
  let open = "";
  for (const [i, line] of lines.entries()) {
    out += line;
    open = openQuote(line, open);
    if (i === lines.length - 1) break;
    if (open !== '"' || line.endsWith("\\")) return undefined;
    out += "\\n";
  }
  return out;
}

const READING = "\x1b[1;90mReading messages... (press Ctrl-C to quit or any key to type command)\r\x1b[0m";

export class Console {
  private readonly file = process.env["WAKEY_HISTFILE"] ?? join(homedir(), ".wakey_history");
  private readonly terminal: Interface;
  private all: Map<string, Doc> = new Map();
  private readonly place: Place;
  private readonly queue: string[] = [];
  /** What was typed of a command whose last line ended inside quotes. */
  private begun: string | undefined = undefined;
  private busy = false;
  /** Messages are shown, and there is no prompt until a key is pressed. */
  private reading = false;
  /** Ctrl-C was pressed while a command ran. */
  private cancelled = false;
  private done: () => void = () => {};
  private closed = false;

  /** `again` makes a new connection when this one is lost. */
  constructor(
    private on: Link,
    private readonly again: (() => Promise<Link>) | undefined,
    database = 0,
  ) {
    this.place = new Place(database);
    this.terminal = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      history: this.past(),
      historySize: HISTORY,
      removeHistoryDuplicates: true,
      completer: (line: string): [string[], string] => [this.begun === undefined ? completions(this.all, line) : [], line],
    });
    // Before readline handles the key: the hint must be gone when Enter moves to the next line.
    process.stdin.prependListener("keypress", (_text: string, key: { name?: string; ctrl?: boolean } | undefined) => {
      if (this.closed) return;
      if (this.reading && !(key?.ctrl && key.name === "c")) {
        this.reading = false;
        process.stdout.write("\x1b[K");
        this.prompt();
      }
      if (key?.name === "return" || key?.name === "enter") process.stdout.write("\x1b[K");
    });
    process.stdin.on("keypress", () => setImmediate(() => this.hint()));
    this.terminal.on("line", (line) => {
      const command = this.withBegun(line);
      if (openQuote(command) !== "") {
        this.begun = command;
        if (!this.busy) this.prompt();
        return;
      }
      this.begun = undefined;
      this.queue.push(command);
      void this.work();
    });
    // What the arrow keys bring back: whole commands, and not a password.
    this.terminal.on("history", (lines: string[]) => {
      const command = this.withBegun(lines.shift() ?? "");
      const line = openQuote(command) === "" ? oneLine(command) : undefined;
      if (line !== undefined && !isSecret(command)) lines.unshift(line);
    });
    this.terminal.on("SIGINT", () => this.interrupt());
    this.terminal.on("close", () => this.close());
    this.listen();
  }

  private withBegun(line: string): string {
    return this.begun === undefined ? line : `${this.begun}\n${line}`;
  }

  private listen(): void {
    this.on.onmessage = (node) => {
      if (this.closed) return;
      // Above the line that is being typed.
      process.stdout.write("\r\x1b[K");
      process.stdout.write(Buffer.from(message(node, "pretty"), "latin1"));
      if (this.busy) return;
      if (this.reading) process.stdout.write(READING);
      else this.terminal.prompt(true);
    };
    const { on } = this;
    void on.ended.then(() => {
      if (this.on !== on || this.closed || this.busy) return;
      this.reading = false;
      process.stdout.write("\r\x1b[KError: Server closed the connection\n");
      this.prompt();
    });
  }

  /** Ctrl-C: ends what waits or listens; where nothing does, the client. */
  private interrupt(): void {
    if (this.begun !== undefined && !this.busy) {
      this.begun = undefined;
      process.stdout.write("^C\n");
      Object.assign(this.terminal, { line: "", cursor: 0 });
      this.prompt();
      return;
    }
    if (!this.on.busy && !this.on.listening) {
      this.close();
      return;
    }
    this.cancelled = this.busy;
    this.queue.length = 0;
    if (!this.on.cancel()) {
      // The new connection begins where this one was.
      this.lost = true;
      this.place.left();
    }
    process.stdout.write(this.reading ? "\x1b[K" : "^C\n");
    this.reading = false;
    if (this.busy) return;
    (this.terminal as unknown as { line: string }).line = "";
    void this.work();
  }

  /** The connection was given up by Ctrl-C. */
  private lost = false;

  /** Connects anew, to the database of before. */
  private async connect(): Promise<void> {
    if (!this.again) return;
    this.on = await this.again();
    this.listen();
    const { place } = this;
    place.left();
    if (this.lost && place.database !== 0) await this.on.send(["SELECT", String(place.database)]);
    this.lost = false;
  }

  private past(): string[] {
    try {
      const lines = readFileSync(this.file, "utf8").split("\n");
      // Earlier versions made it for all to read, or kept a line that this one does not.
      chmodSync(this.file, 0o600);
      return lines
        .filter((line) => line !== "" && !isSecret(line))
        .slice(-HISTORY)
        .reverse();
    } catch {
      return [];
    }
  }

  private remember(command: string): void {
    const line = oneLine(command);
    if (line === undefined || line.trim() === "" || isSecret(command)) return;
    try {
      mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
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
      if (lines.length > HISTORY * 2 || lines.some(isSecret))
        writeFileSync(
          this.file,
          `${lines
            .filter((line) => !isSecret(line))
            .slice(-HISTORY)
            .join("\n")}\n`,
          { mode: 0o600 },
        );
    } catch {
      // As in `remember`.
    }
  }

  private prompt(): void {
    if (this.closed) return;
    this.terminal.setPrompt(this.begun === undefined ? this.place.prompt(this.on) : MORE);
    this.terminal.prompt();
  }

  /** Shows behind the cursor what can still be typed. */
  private hint(): void {
    const { line, cursor } = this.terminal;
    if (this.closed || this.busy || this.reading || cursor !== line.length) return;
    const typed = this.begun === undefined ? words(line) : undefined;
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
      if (this.lost && !this.closed) await this.connect();
    } catch (error) {
      process.stdout.write(`Error: ${(error as Error).message}\n`);
    } finally {
      this.busy = false;
    }
    if (this.on.listening && this.on.connected && !this.closed) {
      this.reading = true;
      process.stdout.write(READING);
    } else {
      this.prompt();
    }
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
    const count = times(args);
    for (let i = 0; i < count && !this.closed; i++) {
      this.cancelled = false;
      try {
        await this.command(args);
      } catch (error) {
        if (!this.cancelled) process.stdout.write(`Error: ${(error as Error).message}\n`);
        return;
      }
      if (this.cancelled) return;
    }
  }

  private async command(args: string[]): Promise<void> {
    if (!this.on.connected) await this.connect();
    const start = performance.now();
    const reply = await this.on.send(args);
    const took = performance.now() - start;
    if (reply === undefined || this.cancelled) return;
    this.place.follow(args, reply);
    process.stdout.write(Buffer.from(shown(reply, args, "pretty"), "latin1"));
    if (took >= SLOW) process.stdout.write(`(${(took / 1000).toFixed(2)}s)\n`);
  }
}
