/**
 * The server beside the page, looked at: `?live`. Nothing of it is kept by the page, the password least of all: that is in memory
 * until the page is left, for connections to come.
 *
 * The page reads over one connection, edits over another, follows MONITOR on a third, and each console has its own.
 */
import { effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { WakeyConsole } from "wakey/console";
import { words } from "../../../pkg/src/prompt/format.js";
import type { Node } from "../../../pkg/src/resp/nodes.js";
import { tell, type View } from "../app.js";
import type { Entry } from "../session.js";
import { LIVE } from "../strings.js";
import { latin1, typed } from "../text.js";
import { LiveKeyspace } from "./keyspace.js";
import { Pipe, PLACE, plain, Wire } from "./wire.js";

/** The monitor remembers so many commands, and so many characters of each. */
const REMEMBERED = 500;
const SHOWN = 2000;
/** Milliseconds until the next attempt to connect. */
const RETRY = 2000;

/** `none`: there is no server behind this page. `link`: its link does not open it. `lost`: there was a connection, or should be. */
export type State = "connecting" | "none" | "link" | "password" | "connected" | "lost";

/** A word of what comes unasked. */
const wordOf = (node: Node): string => ("text" in node ? node.text : "");

export class Live implements View {
  readonly keyspace = new LiveKeyspace();
  readonly undo = false;
  readonly state = signal<State>("connecting");
  /** What went wrong, in words; empty when nothing did. */
  readonly trouble = signal("");
  /** The server's address, for people. */
  readonly name = signal("");
  /** Whether there has been a connection. */
  readonly begun = signal(false);
  counted = 0;
  /** Counts connections: who listened on the one before hears nothing more. */
  readonly epoch = signal(0);
  /** What listens to channels, as long as somebody does, and to which patterns. */
  private ear: Promise<Pipe | undefined> | undefined;
  private readonly patterns = new Map<string, (channel: string, message: string) => void>();
  private readonly time = signal(Date.now());
  private readonly heard = signal(0);
  private entries: Entry[] = [];
  private password: string | undefined;
  private editor: Pipe | undefined;
  /** Which of the page's own connections has an address; what is empty is not told in the monitor. */
  private readonly own = new Map<string, string>();
  /** The database that consoles begin with. */
  private first = 0;
  private started = 0;
  private opening = false;
  private telling = false;
  private retry: ReturnType<typeof setTimeout> | undefined;

  /** `playground`: whether this page is a part of one. */
  constructor(readonly playground: boolean) {
    setInterval(() => {
      this.time.value = Date.now();
    }, 100);
    // Another link to the same page.
    addEventListener("hashchange", () => location.reload());
    void this.open();
  }

  get now(): ReadonlySignal<number> {
    return this.time;
  }

  get monitor(): readonly Entry[] {
    this.heard.value;
    return this.entries;
  }

  memory(): number | undefined {
    if (this.state.peek() !== "connected") return undefined;
    const info = this.keyspace.ask("INFO", "memory");
    const found = info instanceof Uint8Array && /used_memory:(\d+)/.exec(latin1(info));
    return found ? Number(found[1]) : undefined;
  }

  async give(args: string[]): Promise<unknown> {
    const { editor } = this;
    if (editor === undefined) throw new Error(LIVE.noConnection);
    editor.send(["SELECT", String(this.keyspace.database.peek())], () => {});
    const reply = await editor.call(...args);
    this.keyspace.poke();
    if (reply.type === "error") throw new Error(reply.text);
    return plain(reply);
  }

  read(args: string[]): Promise<unknown> {
    return this.give(args).catch(() => undefined);
  }

  connect(element: WakeyConsole, id: string): () => void {
    element.transport = async () => {
      if (this.state.peek() !== "connected") throw new Error(LIVE.noConnection);
      const wire = await Wire.open(this.name.peek());
      if (this.password !== undefined) await wire.send(["AUTH", this.password]);
      this.mine(await wire.send(["CLIENT", "INFO"]), id, wire.ended);
      return wire;
    };
    element.names = (prefix, database) => this.keyspace.starting(prefix, database);
    let fresh = true;
    return effect(() => {
      if (this.state.value !== "connected") return;
      element.setAttribute("prompt", this.name.peek());
      untracked(() => element.connect());
      if (fresh && this.first !== 0) void element.run(`SELECT ${this.first}`);
      fresh = false;
    });
  }

  listen(pattern: string, heard: (channel: string, message: string) => void): () => void {
    this.patterns.set(pattern, heard);
    const ear = (this.ear ??= this.hearing());
    void ear.then((pipe) => pipe?.tell(["PSUBSCRIBE", pattern]));
    return () => {
      if (this.patterns.get(pattern) === heard) this.patterns.delete(pattern);
      // It may be listened to again in the same breath.
      void ear.then((pipe) => {
        if (this.patterns.has(pattern)) return;
        if (this.patterns.size > 0) return pipe?.tell(["PUNSUBSCRIBE", pattern]);
        if (ear === this.ear) this.ear = undefined;
        pipe?.close();
      });
    };
  }

  /** A connection that hears messages; undefined where there is none to be had. */
  private async hearing(): Promise<Pipe | undefined> {
    try {
      const pipe = this.state.peek() === "connected" ? await this.greet("") : undefined;
      if (pipe === undefined) return undefined;
      pipe.unasked = (node) => {
        if (node.type === "error") tell(node.text, true);
        const [kind, pattern, channel, message] = "items" in node ? node.items.map(wordOf) : [];
        if (kind === "pmessage") this.patterns.get(pattern!)?.(channel!, message!);
      };
      return pipe;
    } catch (error) {
      tell((error as Error).message, true);
      return undefined;
    }
  }

  /** Tries a password. */
  enter(password: string): void {
    this.password = typed(password);
    void this.open();
  }

  /** Connects, once more if need be. */
  async open(): Promise<void> {
    if (this.opening) return;
    this.opening = true;
    clearTimeout(this.retry);
    const all: { close(): void }[] = [];
    try {
      const found = await this.find();
      if (found !== "server") {
        this.state.value = found;
        return;
      }
      const reader = await this.greet("");
      if (reader === undefined) return;
      all.push(reader);
      const editor = await this.greet("editor");
      if (editor === undefined) return;
      const ear = await Wire.open("monitor");
      all.push(editor, ear);
      if (this.password !== undefined) await ear.send(["AUTH", this.password]);
      ear.onmessage = (node) => {
        if ("text" in node) this.hear(node.text);
      };
      await ear.send(["MONITOR"]);
      this.editor = editor;
      this.keyspace.attach(reader);
      this.started ||= Date.now();
      this.trouble.value = "";
      this.begun.value = true;
      this.state.value = "connected";
      this.ear = undefined;
      this.epoch.value++;
      this.opening = false;
      await Promise.race([reader.ended, editor.ended, ear.ended]);
      this.lose(LIVE.lostConnection);
    } catch (error) {
      this.lose((error as Error).message);
    } finally {
      this.opening = false;
      for (const one of all) one.close();
    }
  }

  /** Whether there is a server at all: a socket that is refused does not say why. Fails when there should be. */
  private async find(): Promise<"server" | "none" | "link"> {
    const response = await fetch(PLACE, { cache: "no-store" }).catch(() => undefined);
    if (response === undefined) throw new Error(LIVE.noPage);
    if (response.status === 401) return "link";
    const isLive = response.headers.get("content-type")?.startsWith("application/json");
    const found = response.ok && isLive ? ((await response.json()) as { server?: unknown; database?: unknown }) : {};
    if (typeof found.server !== "string") return "none";
    this.name.value = found.server;
    if (!this.begun.peek() && Number.isSafeInteger(found.database)) this.keyspace.database.value = this.first = Number(found.database);
    return "server";
  }

  /** A connection that speaks RESP3 and has shown the password; undefined when that is asked for. */
  private async greet(role: string): Promise<Pipe | undefined> {
    const pipe = await Pipe.open();
    const auth = this.password === undefined ? [] : ["AUTH", "default", this.password];
    const hello = await pipe.call("HELLO", "3", ...auth);
    if (hello.type === "error") {
      pipe.close();
      if (!/^(NOAUTH|WRONGPASS)/.test(hello.text)) throw new Error(hello.text);
      this.trouble.value = this.password === undefined ? "" : LIVE.passwordWrong;
      this.password = undefined;
      this.state.value = "password";
      return undefined;
    }
    const info = await pipe.call("CLIENT", "INFO");
    this.mine(info, role, pipe.ended);
    return pipe;
  }

  private mine(info: Node | undefined, role: string, ended: Promise<void>): void {
    const address = info && "text" in info && /\baddr=(\S+)/.exec(info.text)?.[1];
    if (!address) return;
    this.own.set(address, role);
    void ended.then(() => this.own.delete(address));
  }

  private lose(why: string): void {
    this.keyspace.attach(undefined);
    this.editor = undefined;
    void this.ear?.then((pipe) => pipe?.close());
    this.ear = undefined;
    this.trouble.value = why;
    this.state.value = "lost";
    this.retry = setTimeout(() => void this.open(), RETRY);
  }

  /** A line of MONITOR: `1339518083.107412 [0 127.0.0.1:60866] "set" "k" "v"`. */
  private hear(line: string): void {
    const [, at, address = "", said = ""] = /^([\d.]+) \[\d+ ([^\]]*)\] (.*)$/s.exec(line) ?? [];
    const by = this.own.get(address) ?? address.replace(/^.*:/, ":");
    if (at === undefined || by === "" || /^"(COMMAND" "DOCS|CLIENT" "INFO|AUTH|HELLO)"/i.test(said)) return;
    const cut = said.slice(0, SHOWN);
    this.entries.push({
      n: ++this.counted,
      at: Number(at) * 1000 - this.started,
      by,
      args: words(cut) ?? words(`${cut.replace(/\\?[^\\]?$/, "")}"`) ?? [cut],
      micros: undefined,
      failed: false,
    });
    if (this.entries.length > 2 * REMEMBERED) this.entries = this.entries.slice(-REMEMBERED);
    this.keyspace.poke();
    if (this.telling) return;
    this.telling = true;
    setTimeout(() => {
      this.telling = false;
      this.heard.value++;
    }, 50);
  }
}
