/**
 * Plays a dialogue file (see `tests/cases/README.md`) on an engine of its own for each section, and tells what is answered otherwise. The
 * native runner in `tests/kit` reads the same files in the same way. `wakey replay` runs it, and tests do, also in a browser: it uses
 * nothing of Node.
 */
import { engineOf } from "../client/port.js";
import type { ManualClock } from "../core/clock.js";
import type { Engine } from "../core/engine.js";
import type { Open } from "../open/open.js";
import { pretty, quote, words } from "../prompt/format.js";
import { bytes, latin1 } from "../resp/latin1.js";
import { type Node, parse } from "../resp/nodes.js";

const START = 1_700_000_000_000;
const NO_REPLY = "(no reply)";
const CLOSED = "(closed)";
/** With `@like`: any number of lines, none too. */
const LINES = "<lines>";

export interface Report {
  sections: number;
  commands: number;
  /** Each with its place, what was expected, and what came. */
  failures: string[];
}

interface Speaker {
  protocol: 2 | 3;
  id: number;
  closed: boolean;
  heard: string;
}

/** What it plays on. If they are there, `begin` is called with each section, and `heard` with each command's own reply. */
export interface Tools {
  open: Open;
  manualClock: (start: number) => ManualClock;
  begin?: () => void;
  heard?: (session: Speaker, args: string[], node: Node, protocol: 2 | 3) => void;
}

interface Sent {
  reply: string;
  closed: boolean;
}

type How = { unordered?: true; like?: true };

export async function play(file: string, source: string, tools: Tools): Promise<Report> {
  const lines = source.split(/\r?\n/);
  const report: Report = { sections: 0, commands: 0, failures: [] };
  for (let begin = 0; begin < lines.length; begin++) {
    if (!lines[begin]!.startsWith("== ")) continue;
    let end = begin + 1;
    while (end < lines.length && !lines[end]!.startsWith("== ")) end++;
    await section(file, lines, begin, end, report, tools);
  }
  return report;
}

/** Whether it is a message that was pushed. */
function isMessage(node: Node): boolean {
  if (node.type !== "push") return false;
  const [kind] = node.items;
  return kind !== undefined && "text" in kind && /^([ps]?message|invalidate|tracking-redir-broken)$/.test(kind.text);
}

/** Every char a byte, as the terminal's formatter wants it. */
function narrow(text: string): string {
  return latin1(new TextEncoder().encode(text));
}

async function section(file: string, lines: string[], begin: number, end: number, report: Report, tools: Tools): Promise<void> {
  const told = (what: string): string | undefined =>
    lines
      .slice(begin, end)
      .find((line) => line.startsWith(`@${what} `))
      ?.slice(what.length + 2)
      .trim();
  const dialect = told("dialect");
  const compat = told("compat");
  report.sections++;
  tools.begin?.();
  const clock = tools.manualClock(START);
  // A bare engine: what `open` gives has a session already, and the dialogues count from the first.
  const model = engineOf(await tools.open()) as Engine & { constructor: typeof Engine };
  const cluster = lines.slice(begin, end).includes("@cluster");
  const own = { ...(dialect ? { dialect } : {}), ...(compat ? { compat } : {}), ...(cluster ? { cluster } : {}) };
  const options = { seed: 42n, clock, timer: false, ...own };
  const engine = await model.constructor.create(model.module, { ...options, words: model.docs });
  model.close();
  // The real server is started with it, too.
  engine.configure("enable-debug-command", "yes");
  engine.configure("enable-protected-configs", "yes");
  const fresh = (): Speaker => ({ protocol: 3, id: 0, closed: false, heard: "" });
  const sessions = new Map([["a", fresh()]]);
  let session = sessions.get("a") as Speaker;
  let how: How = {};

  const settle = (): void => {
    const flags = engine.flags();
    if (flags & 2) engine.deliver();
    if (flags & 1 && !session.closed) {
      session.closed = true;
      engine.closeSession(session.id);
    }
  };
  const crossing = (go: () => number): Sent => {
    if (session.closed) return { reply: "", closed: true };
    const length = go();
    const at = engine.replyAt();
    const reply = latin1(engine.bytes.slice(at, at + length));
    settle();
    return { reply, closed: session.closed };
  };
  /** A command's own reply is its first; what comes behind it is heard. */
  const call = (args: string[]): Sent => {
    const waiting = engine.isWaiting(session.id);
    const request = (): number => {
      const parts = args.map((arg) => `$${bytes(arg).length}\r\n${arg}\r\n`);
      return engine.feed(session.id, bytes(`*${args.length}\r\n${parts.join("")}`));
    };
    const sent = crossing(waiting ? request : () => engine.run(session.id, args.map(bytes)));
    if (sent.reply !== "" && args[0]?.toLowerCase() !== "quit") {
      let first = parse(sent.reply, 0);
      let from = 0;
      while (first !== undefined && isMessage(first.node)) {
        from = first.end;
        first = from < sent.reply.length ? parse(sent.reply, from) : undefined;
      }
      const end = first === undefined ? from : first.end;
      session.heard += sent.reply.slice(0, from) + sent.reply.slice(end);
      sent.reply = sent.reply.slice(from, end);
      if (first !== undefined) tools.heard?.(session, args, first.node, session.protocol);
    }
    return sent;
  };
  /** `<id b>` is the number of session `b`. */
  const withIds = (text: string): string => text.replace(/<id (\w+)>/g, (_, name: string) => String(sessions.get(name)?.id ?? 0));
  const hear = (): Sent => {
    const reply = session.heard;
    session.heard = "";
    return { reply, closed: session.closed };
  };
  const raw = (text: string): Sent => crossing(() => engine.feed(session.id, bytes(text)));
  const open = (): void => {
    const made = session;
    made.id = engine.openSession(
      { resp: made.protocol, trusted: false, addr: `127.0.0.1:${50000 + sessions.size - 1}`, laddr: "127.0.0.1:6380" },
      (bytes, close) => {
        made.heard += latin1(bytes);
        if (!close || made.closed) return;
        made.closed = true;
        engine.closeSession(made.id);
      },
    );
  };

  for (let i = begin + 1; i < end; ) {
    const line = lines[i] as string;
    const number = ++i;
    if (line.trimEnd() === "" || line.startsWith("#")) continue;
    let sent: Sent;
    const directive = /^@(\S+)\s*(.*?)\s*$/.exec(line);
    const hears = directive?.[1] === "hear";
    if (directive && directive[1] !== "raw" && !hears) {
      const [, name = "", rest = ""] = directive;
      if (["unordered", "like"].includes(name)) how[name as "unordered" | "like"] = true;
      else if (name === "resp2" || name === "resp3") {
        session.protocol = name === "resp2" ? 2 : 3;
        if (session.id) call(["HELLO", name.slice(4)]);
      } else if (name === "session") {
        if (!sessions.has(rest)) sessions.set(rest, fresh());
        session = sessions.get(rest) as Speaker;
      } else if (name === "clock") clock.set(Number(rest));
      else if (name === "advance") clock.advance(Number(rest));
      else if (!["wakey", "dialect", "cluster", "since", "compat"].includes(name))
        throw new Error(`${file}:${number}: unknown directive ${line}`);
      continue;
    }
    if (!session.id) open();
    const from = i;
    while (i < end && !(lines[i]!.trimEnd() === "" || /^(> |== |@)/.test(lines[i]!))) i++;
    const expected = lines.slice(from, i).map((one) => one.trimEnd());
    if (hears) sent = hear();
    else if (directive) sent = raw(words(narrow(directive[2] ?? ""))?.[0] ?? "");
    else if (line.startsWith("> ")) sent = call(words(narrow(withIds(line.slice(2)))) ?? []);
    else throw new Error(`${file}:${number}: ${line} is neither a command nor a directive`);
    report.commands++;
    const got: string[] = [];
    if (sent.reply === "") {
      if (!sent.closed) got.push(NO_REPLY);
    } else if (directive && !hears) {
      got.push(quote(sent.reply));
    } else {
      for (let at = 0; at < sent.reply.length; ) {
        const found = parse(sent.reply, at) as NonNullable<ReturnType<typeof parse>>;
        const shown = (node: Node): string => new TextDecoder().decode(bytes(pretty(node)));
        const push = hears && sent.reply[at] === ">";
        // A message stands in one line.
        const text = push
          ? `push ${(found.node as Extract<Node, { items: Node[] }>).items
              .map((item: Node) =>
                shown(item)
                  .split("\n")
                  .map((one) => one.trimEnd())
                  .filter(Boolean)
                  .join(" "),
              )
              .join(" ")}`
          : shown(found.node);
        got.push(
          ...text
            .split("\n")
            .map((one) => one.trimEnd())
            .filter(Boolean),
        );
        at = found.end;
      }
    }
    if (sent.closed) got.push(CLOSED);
    if (!fits(expected, got, how)) {
      report.failures.push(`${file}:${number}: ${line}\n    expected:\n${indent(expected)}\n    got:\n${indent(got)}`);
    }
    how = {};
  }
  engine.close();
}

function indent(lines: readonly string[]): string {
  return lines.map((line) => `        ${line}`).join("\n");
}

function fits(expected: string[], got: string[], how: How): boolean {
  const same = (e: string, g: string): boolean => (how.like ? like(e, g) : e === g);
  if (how.like && !how.unordered) return inOrder(expected, got, same);
  if (expected.length !== got.length) return false;
  if (!how.unordered) return expected.every((line, i) => same(line, got[i]!));
  const e = expected.map(bare).sort();
  const g = got.map(bare).sort();
  return e.every((line, i) => same(line, g[i]!));
}

/** Whether the lines follow each other as expected, where `<lines>` stands for any number of them: as a glob with `*`. */
function inOrder(expected: string[], got: string[], same: (e: string, g: string) => boolean): boolean {
  let [e, g] = [0, 0];
  let last: { after: number; from: number } | undefined;
  while (g < got.length) {
    if (expected[e] === LINES) last = { after: ++e, from: g };
    else if (e < expected.length && same(expected[e]!, got[g]!)) {
      e++;
      g++;
    } else if (last !== undefined) {
      last.from++;
      e = last.after;
      g = last.from;
    } else return false;
  }
  return expected.slice(e).every((line) => line === LINES);
}

/** A line without the numbers of the elements in front: `2) 1~ "x"` is `"x"`. */
function bare(line: string): string {
  return line.trimStart().replace(/^(\d+[)~#>] +)+/, "");
}

/** `<int>` stands for an integer, `<any>` for any text. */
function like(pattern: string, line: string): boolean {
  const escaped = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("<int>", "-?\\d+")
    .replaceAll("<any>", ".*");
  return new RegExp(`^${escaped}$`, "s").test(line);
}
