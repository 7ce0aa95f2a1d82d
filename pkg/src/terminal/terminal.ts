/**
 * The interactive client: prompt, history in `~/.wakey_history`, completion of commands, options and the names of keys, and the rest of a
 * command's syntax in dim letters behind the cursor, from COMMAND DOCS. `~/.wakeyrc` has lines such as `:set nohints`, which can be typed, too.
 *
 * A command that waits is waited for; messages are shown as they come. Ctrl-C ends either; it clears the line that is being typed, and
 * where there is none, ends the client.
 */
import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface, type Interface } from "node:readline";
import { advice, didYouMean } from "../prompt/advice.js";
import { candidates, LOOKED, OFFERED, pattern } from "../prompt/complete.js";
import { message, openQuote, times, words } from "../prompt/format.js";
import { completions, type Doc, docs, find, help, remaining } from "../prompt/hints.js";
import { isSubscribed, type Link } from "../prompt/links.js";
import { isSecret } from "../prompt/secrets.js";
import { HISTORY, Place, SLOW } from "../prompt/shell.js";
import type { Node } from "../resp/nodes.js";
import { dim, plain, printed, type Style } from "./formats.js";
import { paged } from "./pager.js";

/** How the client is to be. */
export interface ConsoleOptions {
  database?: number;
  style: Style;
  /** Sends a command; default: to where the client is. */
  ask?: (on: Link, args: readonly string[]) => Promise<Node | undefined>;
  /** Whether messages that nobody has subscribed to are shown. Default: they are. */
  pushes?: boolean;
  /** A line before the first prompt. */
  greeting?: string;
}

/** What `:set` knows, with `no` in front for the contrary. */
const PREFERENCES = ["hints", "colours", "timing"] as const;
type Preference = (typeof PREFERENCES)[number];

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
  private readonly set: { [name in Preference]: boolean } = { hints: true, colours: false, timing: true };
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
    private readonly options: ConsoleOptions,
  ) {
    this.place = new Place(options.database ?? 0);
    this.set.colours = options.style.colours;
    this.readPreferences();
    this.terminal = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: true,
      history: this.past(),
      historySize: HISTORY,
      removeHistoryDuplicates: true,
      completer: (line: string, done: (error: null, found: [string[], string]) => void) => {
        void this.complete(line).then((found) => done(null, found));
      },
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
    // Ctrl-D: what the shell says next begins a line.
    this.terminal.on("close", () => {
      if (!this.closed) process.stdout.write("\n");
      this.close();
    });
    this.listen();
  }

  private withBegun(line: string): string {
    return this.begun === undefined ? line : `${this.begun}\n${line}`;
  }

  private listen(): void {
    this.on.onmessage = (node) => {
      if (this.closed) return;
      // Above the line that is being typed.
      if (node.type === "push" && this.options.pushes === false && !isSubscribed(node)) return;
      process.stdout.write("\r\x1b[K");
      process.stdout.write(Buffer.from(printed(message(node), [], this.style), "latin1"));
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

  private get style(): Style {
    return { ...this.options.style, colours: this.set.colours };
  }

  private readPreferences(): void {
    let text = "";
    try {
      text = readFileSync(process.env["WAKEY_RCFILE"] ?? join(homedir(), ".wakeyrc"), "utf8");
    } catch {
      // There need be none.
    }
    for (const line of text.split("\n")) if (/^\s*:/.test(line)) this.prefer(line.trim().split(/\s+/));
  }

  /** `:set hints`, `:set nohints`. What is wrong with it, if something is. */
  private prefer([command, word = ""]: readonly string[]): string {
    const wanted = word.replace(/^no/, "");
    const name = PREFERENCES.find((one) => one === wanted);
    if (command !== ":set" || name === undefined) {
      return `:set knows ${PREFERENCES.map((one) => `${one} and no${one}`).join(", ")}`;
    }
    this.set[name] = word === wanted;
    return "";
  }

  /** What Tab offers behind a line. */
  private async complete(line: string): Promise<[string[], string]> {
    if (this.begun !== undefined || this.busy) return [[], line];
    if (/^\s*help\s/i.test(line)) return [completions(this.all, line), line];
    const bytes = Buffer.from(line).toString("latin1");
    let wanted: string | undefined;
    const note = (prefix: string): string[] => {
      wanted = prefix;
      return [];
    };
    let { start, words: found } = candidates(this.all, bytes, note);
    if (wanted !== undefined) {
      const names = await this.keys(wanted);
      ({ start, words: found } = candidates(this.all, bytes, () => names));
    }
    const utf8 = (text: string): string => Buffer.from(text, "latin1").toString();
    return [found.map(utf8), utf8(bytes.slice(start))];
  }

  /** Names of keys that begin so. None in a transaction, where a SCAN would be queued. */
  private async keys(prefix: string): Promise<string[]> {
    if (this.place.transaction || this.on.listening || !this.on.connected) return [];
    const found = new Set<string>();
    let cursor = "0";
    try {
      for (let looked = 0; looked < LOOKED && found.size < OFFERED; looked += 1000) {
        const reply = await this.on.send(["SCAN", cursor, "MATCH", pattern(prefix), "COUNT", "1000"]);
        const [at, names] = reply !== undefined && "items" in reply ? reply.items : [];
        if (names !== undefined && "items" in names) for (const name of names.items) if ("text" in name) found.add(name.text);
        cursor = at !== undefined && "text" in at ? at.text : "0";
        if (cursor === "0") break;
      }
    } catch {
      // Without them the client works.
    }
    return [...found].sort().slice(0, OFFERED);
  }

  /** Ctrl-C: ends what waits or listens, or clears the line; where nothing does and none is there, the client ends. */
  private interrupt(): void {
    if ((this.begun !== undefined || this.terminal.line !== "") && !this.busy && !this.reading) {
      this.begun = undefined;
      process.stdout.write("^C\n");
      Object.assign(this.terminal, { line: "", cursor: 0 });
      this.prompt();
      return;
    }
    if (!this.on.busy && !this.on.listening) {
      process.stdout.write("\n");
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
    const { greeting } = this.options;
    if (greeting) process.stdout.write(`${dim(greeting, this.set.colours)}\n`);
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
    if (this.closed || this.busy || this.reading || cursor !== line.length || !this.set.hints) return;
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
        return paged(await this.helped(args.slice(1)));
      case ":set":
        return void process.stdout.write(`${this.prefer(args) || "OK"}\n`);
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

  private async helped(topic: readonly string[]): Promise<string> {
    const { EXAMPLES } = await import("./examples.gen.js");
    const name = topic.join(" ");
    const found = help(this.all, topic, EXAMPLES);
    const text = found.trim() === "" ? `There is no command '${name}'. ${didYouMean(this.all, name) ?? ""}`.trimEnd() : found;
    return `${this.set.colours ? text : plain(text)}\n`;
  }

  private async command(args: string[]): Promise<void> {
    if (!this.on.connected) await this.connect();
    const start = performance.now();
    const { ask } = this.options;
    const reply = await (ask === undefined ? this.on.send(args) : ask(this.on, args));
    const took = performance.now() - start;
    if (reply === undefined || this.cancelled) return;
    this.place.follow(args, reply);
    process.stdout.write(Buffer.from(printed(reply, args, this.style), "latin1"));
    const said = advice(this.all, args, reply);
    if (said !== undefined) process.stdout.write(`${dim(said, this.set.colours)}\n`);
    if (took >= SLOW && this.set.timing) process.stdout.write(`(${(took / 1000).toFixed(2)}s)\n`);
  }
}
