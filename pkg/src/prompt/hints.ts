/**
 * What COMMAND DOCS says, for the terminal: the syntax of a command as text, what is still to be typed, completions,
 * `help`.
 */
import type { Node } from "../resp/nodes.js";

interface Argument {
  name: string;
  type: string;
  token: string | undefined;
  optional: boolean;
  multiple: boolean;
  repeatsToken: boolean;
  arguments: Argument[];
  /** One of it is there, and more may follow. */
  more?: boolean;
}

export interface Doc {
  /** In upper case, with a space before the subcommand. */
  name: string;
  summary: string;
  since: string;
  group: string;
  /** Its cost, as `O(N)` and words; empty where a server does not tell. */
  complexity: string;
  arguments: Argument[];
}

/** A map, or an array of keys and values as RESP2 has it, by its keys. */
function fields(node: Node | undefined): Map<string, Node> {
  const out = new Map<string, Node>();
  if (node?.type === "map") {
    for (const [key, value] of node.pairs) if ("text" in key) out.set(key.text, value);
  } else if (node?.type === "array") {
    for (let i = 0; i + 1 < node.items.length; i += 2) {
      const key = node.items[i] as Node;
      if ("text" in key) out.set(key.text, node.items[i + 1] as Node);
    }
  }
  return out;
}

function textOf(node: Node | undefined): string {
  return node !== undefined && "text" in node ? node.text : "";
}

function itemsOf(node: Node | undefined): Node[] {
  return node !== undefined && "items" in node ? node.items : [];
}

function argument(node: Node): Argument {
  const map = fields(node);
  const flags = itemsOf(map.get("flags")).map(textOf);
  return {
    name: textOf(map.get("display_text")) || textOf(map.get("name")),
    type: textOf(map.get("type")),
    token: map.has("token") ? textOf(map.get("token")) : undefined,
    optional: flags.includes("optional"),
    multiple: flags.includes("multiple"),
    repeatsToken: flags.includes("multiple_token"),
    arguments: itemsOf(map.get("arguments")).map(argument),
  };
}

/** The documentation of all commands and subcommands, by name. */
export function docs(reply: Node): Map<string, Doc> {
  const out = new Map<string, Doc>();
  const add = (name: string, node: Node): void => {
    const map = fields(node);
    const upper = name.toUpperCase().replace("|", " ");
    out.set(upper, {
      name: upper,
      summary: textOf(map.get("summary")),
      since: textOf(map.get("since")),
      group: textOf(map.get("group")),
      complexity: textOf(map.get("complexity")),
      arguments: itemsOf(map.get("arguments")).map(argument),
    });
    for (const [sub, inner] of fields(map.get("subcommands"))) add(sub, inner);
  };
  for (const [name, node] of fields(reply)) add(name, node);
  return out;
}

function required(arg: Argument): string {
  let inner: string;
  if (arg.type === "oneof") inner = arg.arguments.map(required).join("|");
  else if (arg.type === "block") inner = arg.arguments.map(show).join(" ");
  else inner = arg.type === "pure-token" ? "" : arg.name;
  const token = arg.token === undefined ? "" : arg.token === "" ? '""' : arg.token;
  const whole = [token, inner].filter((part) => part !== "").join(" ");
  if (!arg.multiple) return whole;
  return `${whole} [${arg.repeatsToken ? whole : inner} ...]`;
}

function show(arg: Argument): string {
  if (arg.more) return `[${arg.type === "block" ? arg.arguments.map(show).join(" ") : arg.name} ...]`;
  return arg.optional ? `[${required(arg)}]` : required(arg);
}

/** The arguments of a command, as its manual page has them. */
export function syntax(doc: Doc): string {
  return doc.arguments.map(show).join(" ");
}

/** How many of `typed` words from `at` one argument takes; 0 when they do not fit it. */
function takes(arg: Argument, typed: readonly string[], at: number): number {
  let used = 0;
  if (arg.token !== undefined) {
    if (typed[at]?.toUpperCase() !== arg.token) return 0;
    used = 1;
    if (arg.type === "pure-token") return 1;
  }
  if (arg.type === "oneof") {
    for (const one of arg.arguments) {
      const n = takes(one, typed, at + used);
      if (n > 0) return used + n;
    }
    return used;
  }
  if (arg.type === "block") {
    let n = used;
    for (const one of arg.arguments) n += takes(one, typed, at + n);
    return n;
  }
  return used + 1;
}

/** The value that a token just typed asks for: `seconds` after `EX`. Empty when it asks for none. */
function wanted(arg: Argument): Argument[] {
  if (arg.type === "oneof" || arg.type === "block") return arg.arguments;
  return arg.type === "pure-token" ? [] : [{ ...arg, token: undefined, optional: false, multiple: false }];
}

/** The alternative whose token is `word`. */
function chosen(arg: Argument, word: string): Argument | undefined {
  if (arg.token?.toUpperCase() === word.toUpperCase()) return arg;
  return arg.type === "oneof" ? arg.arguments.find((one) => chosen(one, word) !== undefined) : undefined;
}

/** The arguments that may still follow after `typed` words of them. */
function following(doc: Doc, typed: readonly string[]): Argument[] {
  const left = [...doc.arguments];
  let at = 0;
  while (at < typed.length && left.length > 0) {
    let run = left.findIndex((arg) => !arg.optional);
    if (run < 0) run = left.length;
    if (run === 0) {
      const arg = left[0] as Argument;
      const last = chosen(arg, typed[at] as string);
      if (at === typed.length - 1 && last !== undefined) return [...wanted(last), ...left.slice(1)];
      const begun = at;
      at += Math.max(takes(arg, typed, at), 1);
      if (!arg.multiple) left.shift();
      else if (at >= typed.length) {
        left.shift();
        // A block that has begun wants the rest of itself first.
        const rest = arg.type === "block" && at > typed.length ? arg.arguments.slice(typed.length - begun) : [];
        return [...rest, { ...arg, more: true, optional: true, token: undefined }, ...left];
      }
      continue;
    }
    const fits = left.slice(0, run).findIndex((arg) => takes(arg, typed, at) > 0);
    if (fits < 0) {
      left.splice(0, run);
      continue;
    }
    const [arg] = left.splice(fits, 1) as [Argument];
    const last = chosen(arg, typed[at] as string);
    if (at === typed.length - 1 && last !== undefined) return [...wanted(last), ...left];
    at += takes(arg, typed, at);
  }
  return left;
}

/** What is still to be typed after `typed` words of arguments. */
export function remaining(doc: Doc, typed: readonly string[]): string {
  return following(doc, typed).map(show).filter(Boolean).join(" ");
}

/** The words that may stand next after `typed` words of arguments, and whether the name of a key may. */
export function next(doc: Doc, typed: readonly string[]): { tokens: string[]; key: boolean } {
  const tokens: string[] = [];
  let key = false;
  const first = (arg: Argument): void => {
    if (arg.token !== undefined) {
      if (arg.token !== "") tokens.push(arg.token);
    } else if (arg.type === "oneof") arg.arguments.forEach(first);
    else if (arg.type === "block") begin(arg.arguments);
    else if (arg.type === "key") key = true;
  };
  const begin = (list: readonly Argument[]): void => {
    for (const arg of list) {
      first(arg);
      if (!arg.optional) return;
    }
  };
  begin(following(doc, typed));
  return { tokens, key };
}

/** The command that `typed` begins with, and how many words its name has. */
export function find(all: Map<string, Doc>, typed: readonly string[]): { doc: Doc; names: number } | undefined {
  const [first = "", second] = typed;
  if (second !== undefined) {
    const doc = all.get(`${first} ${second}`.toUpperCase());
    if (doc) return { doc, names: 2 };
  }
  const doc = all.get(first.toUpperCase());
  return doc && { doc, names: 1 };
}

/** Names that begin with `line`, in the case in which it is typed. */
export function completions(all: Map<string, Doc>, line: string): string[] {
  const help = /^help\s+/i.exec(line)?.[0] ?? "";
  const start = line.slice(help.length);
  const lower = start !== "" && start === start.toLowerCase();
  const groups = help ? [...new Set([...all.values()].map((doc) => `@${doc.group}`))] : [];
  return [...all.keys(), ...groups]
    .filter((name) => name.startsWith(start.toUpperCase()) || name.startsWith(start))
    .sort()
    .map((name) => help + (lower ? name.toLowerCase() : name));
}

/** The answer to `help ...`. Of `examples`, by the names of commands, that of the command itself is shown. */
export function help(all: Map<string, Doc>, topic: readonly string[], examples?: { readonly [name: string]: string }): string {
  const name = topic.join(" ").toUpperCase();
  const one = (doc: Doc): string => {
    const line = `  \x1b[1m${doc.name}\x1b[0m \x1b[90m${syntax(doc)}\x1b[0m`;
    const cost = doc.complexity === "" ? "" : `\n  \x1b[33mcost:\x1b[0m ${doc.complexity}`;
    return `\n${line.trimEnd()}\n  \x1b[33msummary:\x1b[0m ${doc.summary}\n  \x1b[33msince:\x1b[0m ${doc.since}${cost}`;
  };
  if (name === "") {
    return [
      "",
      'To get help about a command type "help <command>", about a group of commands "help @<group>":',
      `  ${[...new Set([...all.values()].map((doc) => doc.group))]
        .sort()
        .map((group) => `@${group}`)
        .join(" ")}`,
      "Tab completes. <number> <command> repeats a command. clear empties the screen; quit or exit ends.",
      "",
    ].join("\n");
  }
  if (name.startsWith("@")) {
    const found = [...all.values()].filter((doc) => `@${doc.group}`.toUpperCase() === name);
    return `${found.map(one).join("\n")}\n`;
  }
  const found = [...all.values()].filter((doc) => doc.name === name || doc.name.startsWith(`${name} `));
  const example = examples !== undefined && Object.hasOwn(examples, name) ? (examples[name] as string) : "";
  const shown = example.replace(/^/gm, "    ").replace(/^ {4}(> .*)$/gm, "    \x1b[1m$1\x1b[0m");
  const last = example === "" ? "" : `  \x1b[33mexample:\x1b[0m\n${shown}\n`;
  return `${found.map((doc) => `${one(doc)}\n  \x1b[33mgroup:\x1b[0m ${doc.group}`).join("\n")}\n${last}`;
}
