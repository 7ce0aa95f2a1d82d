/**
 * A page for each command and subcommand, from what the engine says of itself (COMMAND DOCS, COMMAND INFO), the declarations of its
 * methods, COMPAT.md, and the examples of `wakey help`, which are played here to show their replies.
 */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { inspect } from "node:util";
import { manualClock, open, ReplyError } from "wakey";
import "wakey/words";
import { source } from "../../pkg/test/support.mjs";
import { commandOf, lines, OF_MORE, ofCluster, Player } from "../../scripts/scenes.mjs";
import { page, rows } from "./compatibility.mjs";

const root = resolve(import.meta.dirname, "../..");
const { EXAMPLES } = await source("terminal/examples.gen");
const { docs, syntax } = await source("prompt/hints");
const { words } = await source("prompt/format");

/** What groups are called in headings. */
const TITLES = {
  "sorted-set": "Sorted sets",
  string: "Strings",
  hash: "Hashes",
  list: "Lists",
  set: "Sets",
  stream: "Streams",
  bitmap: "Bitmaps",
  geo: "Geospatial indexes",
  hyperloglog: "HyperLogLogs",
  generic: "Keys",
  pubsub: "Pub/sub",
  scripting: "Scripts and functions",
  transactions: "Transactions",
  connection: "Connection",
  server: "Server",
  cluster: "Cluster",
  array: "Arrays",
  module: "Vector sets",
};
const title = (group) => TITLES[group] ?? group[0].toUpperCase() + group.slice(1);

/** Groups in the order in which one learns them. */
const ORDER = [
  "string",
  "generic",
  "hash",
  "list",
  "set",
  "sorted-set",
  "stream",
  "pubsub",
  "transactions",
  "scripting",
  "bitmap",
  "hyperloglog",
  "geo",
  "module",
  "array",
  "connection",
  "server",
  "cluster",
];

/** Methods that stand for another form of the command: `multi()` collects, `subscribe` takes a handler. */
const BY_HAND = {
  MULTI: "transactions",
  EXEC: "transactions",
  DISCARD: "transactions",
  WATCH: "transactions",
  SUBSCRIBE: "pubsub",
  PSUBSCRIBE: "pubsub",
  SSUBSCRIBE: "pubsub",
  UNSUBSCRIBE: "pubsub",
  PUNSUBSCRIBE: "pubsub",
  SUNSUBSCRIBE: "pubsub",
};

/** The arguments of a type `Name<a, b>`. */
function parts(type) {
  const out = [];
  let depth = 0;
  let from = type.indexOf("<") + 1;
  let quoted = false;
  for (let i = from; i < type.length; i++) {
    const c = type[i];
    if (c === '"') quoted = !quoted;
    if (quoted) continue;
    if (depth === 0 && (c === "," || c === ">")) {
      out.push(type.slice(from, i).trim());
      from = i + 1;
      if (c === ">") break;
    } else if ("<[({".includes(c)) depth++;
    else if (">])}".includes(c) && type[i - 1] !== "=") depth--;
  }
  return out;
}

const readable = (type) =>
  type
    .replace(/\bMapReply<B, ([^<>]*)>/g, "{ [field: string]: $1 }")
    .replace(/\bReply<B>/g, "any reply")
    .replace(/\bEntry<B, E>/g, "Entry")
    .replace(/\bClaimedEntry<B, E>/g, "Entry")
    .replace(/\b(Gone\w+|Entries)<B, E>/g, "$1")
    .replace(/\bB\b/g, "string");

/** What a method answers, as `[when, type]`. */
function answers(type) {
  if (type.startsWith("If<")) {
    const [condition, yes, no] = parts(type);
    const held = (one) =>
      one.startsWith("If<")
        ? parts(one).slice(0, 2).map(held).join(" and ")
        : [...one.matchAll(/"([^"]+)"/g)].map(([, word]) => word).join(" or ");
    const more = held(condition);
    return [[`with ${more}`, readable(yes)], ...answers(no)];
  }
  if (type.startsWith("Each<")) return [["", `an array of ${readable(parts(type)[1])}, each with what was asked for`]];
  return [["", readable(type)]];
}

/** From the package's declarations: by command, what its method answers. */
function methods(names) {
  const text = readFileSync(join(root, "pkg/dist/types/client/commands.gen.d.ts"), "utf8");
  const out = new Map();
  for (const [, doc, declaration] of text.matchAll(/\/\*\*\n((?: +\*.*\n)*?) +\*\/\n +([a-z_]+.*;)\n/g)) {
    const line = /^ +\* `([A-Z][^`]*)`$/m.exec(doc)?.[1];
    if (line === undefined) continue;
    const name = commandOf(line, names);
    const [, kind, rest] = /\): (Answer|Later)(<.*);$/.exec(declaration) ?? [];
    if (kind === undefined) continue;
    const [answer] = parts(rest);
    out.set(name, [...(out.get(name) ?? []), ...answers(answer).map((one) => [...one, kind === "Later"])]);
  }
  return out;
}

/** Bare words of an argument's value. */
const TYPES = {
  integer: "an integer",
  double: "a number",
  string: "a string",
  key: "a key",
  pattern: "a pattern",
  "unix-time": "a Unix time",
  "pure-token": "",
  oneof: "",
  block: "",
};

/** The options of a command: every argument with a word of its own. */
function options(args, history) {
  const out = [];
  const walk = (list, optional) => {
    for (const arg of list) {
      const may = optional || arg.optional;
      if (arg.token && may) {
        const inner =
          arg.type === "pure-token"
            ? ""
            : arg.arguments.length > 0
              ? arg.arguments.map((one) => one.name).join(arg.type === "oneof" ? "|" : " ")
              : arg.name;
        const since = history.find(([, text]) => new RegExp(`[\`']${arg.token}[\`']`).test(text))?.[0] ?? "";
        const kind = arg.type === "pure-token" ? "" : (TYPES[arg.type] ?? "");
        out.push(
          `| \`${[arg.token, inner].filter(Boolean).join(" ")}\` | ${kind}${arg.multiple ? `${kind ? ", " : ""}one or more` : ""} | ${since} |`,
        );
      }
      if (arg.arguments.length > 0) walk(arg.arguments, may);
    }
  };
  walk(args, false);
  return [...new Set(out)];
}

/** A line as a call in JavaScript. */
function call(line) {
  const [name, ...args] = words(line);
  const literal = (word) => (/^-?(0|[1-9]\d{0,14})(\.\d*[1-9])?$/.test(word) ? word : JSON.stringify(word));
  const bytes = (word) =>
    /[\x80-\xff]|\x00/.test(word) ? `Uint8Array.of(${[...word].map((c) => c.charCodeAt(0)).join(", ")})` : literal(word);
  return `db.${name.toLowerCase().replace(/[^a-z_]/g, "_")}(${args.map(bytes).join(", ")})`;
}

/** A scene as a program, with what its calls give; undefined where methods have another form. */
async function program(scene, cluster) {
  // A database for all scenes that change nothing but keys.
  const alone = cluster || scene.some(([line]) => OF_MORE.test(line));
  const opened = () => open({ clock: manualClock(1_700_000_000_000), seed: 42n, ...(cluster ? { cluster: true } : {}) });
  const db = alone ? await opened() : await (common ??= opened());
  if (!alone) db.flushall();
  const out = [];
  try {
    for (const [line] of scene) {
      const [name, ...args] = words(line);
      if (BY_HAND[name.toUpperCase()] || ["MONITOR", "QUIT", "RESET", "SHUTDOWN", "HELLO", "AUTH"].includes(name.toUpperCase()))
        return undefined;
      const binary = args.map((word) => (/[\x80-\xff]|\x00/.test(word) ? Uint8Array.from(word, (c) => c.charCodeAt(0)) : word));
      let value;
      try {
        value = db.call(name, ...binary);
        if (value instanceof Promise) value = await value;
      } catch (error) {
        if (!(error instanceof ReplyError)) throw error;
        out.push(`${call(line)}; // throws ReplyError: ${error.message.slice(0, 90)}`);
        continue;
      }
      const plain = (v) =>
        Array.isArray(v)
          ? v.map(plain)
          : v && typeof v === "object" && !(v instanceof Uint8Array)
            ? Object.fromEntries(Object.entries(v).map(([k, one]) => [k, plain(one)]))
            : v;
      const text = inspect(plain(value), { depth: 9, breakLength: 100, maxStringLength: 200, maxArrayLength: 12 }).replace(
        /'((?:[^'\\"]|\\.)*)'/g,
        '"$1"',
      );
      const waits = /^(B[LRZ]|XREAD.*BLOCK|WAIT)/i.test(line) ? "await " : "";
      out.push(text.includes("\n") ? `${waits}${call(line)};\n${text.replace(/^/gm, "// ")}` : `${waits}${call(line)}; // ${text}`);
    }
    return out.join("\n");
  } finally {
    if (alone) db.close();
  }
}

let common;
const players = new Map();

/** A scene as a terminal shows it, in a protocol. */
async function transcript(scene, protocol, cluster) {
  const player = cluster ? await Player.open({ protocol, cluster }) : (players.get(protocol) ?? (await Player.open({ protocol })));
  await player.fresh();
  const out = scene.flatMap(([line]) => [`> ${line}`, ...(player.run(line) ?? ["(no reply)"])]);
  if (cluster) player.close();
  else players.set(protocol, player);
  return out.join("\n");
}

/** Whether something is asked behind SUBSCRIBE, which RESP2 has no place for. */
const listens = (scene) => scene.slice(0, -1).some(([line]) => /^[PS]?SUBSCRIBE/i.test(line)) && !/UNSUBSCRIBE/i.test(scene.at(-1)[0]);

/** What a table's cell takes. */
const cell = (text) => text.replace(/\|/g, "\\|").replace(/\n/g, " ");

export async function commandPages() {
  const db = await open();
  const said = db.command("DOCS");
  const all = new Map();
  for (const [name, doc] of Object.entries(said)) {
    all.set(name.toUpperCase(), doc);
    for (const [sub, inner] of Object.entries(doc.subcommands ?? {}))
      all.set(sub.toUpperCase().replace("|", " "), { ...inner, container: name.toUpperCase() });
  }
  const raw = db.session();
  const parsed = await tree();
  const names = new Map([...all.keys()].map((name) => [name, true]));
  const typed = methods(names);
  const compat = new Map(rows(readFileSync(join(root, "COMPAT.md"), "utf8")).map((row) => [row.command, row]));
  const contains = (name) => Object.keys(all.get(name).subcommands ?? {}).map((sub) => sub.toUpperCase().replace("|", " "));
  const byGroup = new Map();
  for (const [name, { group, container }] of all) if (container === undefined) byGroup.set(group, [...(byGroup.get(group) ?? []), name]);
  const groups = [...byGroup.keys()]
    .sort((a, b) => ((ORDER.indexOf(a) + 99) % 99) - ((ORDER.indexOf(b) + 99) % 99))
    .map((group) => ({
      name: title(group),
      id: title(group)
        .toLowerCase()
        .replace(/[^a-z ]/g, "")
        .replaceAll(" ", "-"),
      commands: byGroup
        .get(group)
        .sort()
        .flatMap((name) => [name, ...contains(name).sort()])
        .map((name) => ({ name, to: `commands/${page(name)}.html` })),
      own: byGroup.get(group).sort(),
    }));
  const link = (name) => `[\`${name}\`](${page(name)}.md)`;
  const pages = [];
  for (const [name, doc] of all) {
    const info = raw.command("INFO", name.toLowerCase().replace(" ", "|"))[0] ?? [];
    const scene = EXAMPLES[name] === undefined ? undefined : lines(EXAMPLES[name]);
    const subs = contains(name).sort();
    const tree = parsed.get(name);
    const history = doc.history ?? [];
    const cluster = ofCluster(name);
    const out = [`# ${name}`, "", doc.summary, ""];
    if (subs.length === 0 || EXAMPLES[name]) out.push("```syntax", `${name} ${syntax(tree)}`.trim(), "```", "");
    if (doc.doc_flags?.some?.((flag) => flag === "deprecated") || doc.deprecated_since)
      out.push(
        `> Deprecated since Redis ${doc.deprecated_since ?? ""}${doc.replaced_by ? `: use ${doc.replaced_by.replace(/[[\]]/g, "")}` : ""}.`,
        "",
      );
    if (subs.length > 0)
      out.push("## Subcommands", "", "| | |", "|---|---|", ...subs.map((sub) => `| ${link(sub)} | ${cell(all.get(sub).summary)} |`), "");
    if (scene) {
      const commands = scene.map(([line]) => line).join("\n");
      out.push(
        "## Example",
        "",
        "Runs in this page. Type on at the prompt.",
        "",
        `\`\`\`redis${cluster ? " db=cluster" : ""}${listens(scene) ? " resp=3" : ""}`,
        commands,
        "```",
        "",
      );
      const [three, two] = [await transcript(scene, 3, cluster), await transcript(scene, 2, cluster)];
      out.push("## Replies", "", three === two ? "The same in RESP2 and RESP3:" : "In RESP3:", "", "```text", three, "```", "");
      if (three !== two) out.push("In RESP2:", "", "```text", two, "```", "");
      const code = await program(scene, cluster);
      if (code)
        out.push("As JavaScript:", "", "```js", cluster ? `// const db = await open({ cluster: true });\n${code}` : code, "```", "");
    }
    const method = name.split(" ")[0].toLowerCase();
    if (subs.length === 0) {
      const by = BY_HAND[name];
      const given = typed.get(name);
      out.push("## Method", "");
      if (by)
        out.push(`\`db.${method}\` has a form of its own: see [${by === "pubsub" ? "Pub/sub" : "Transactions"}](../guides/${by}.md).`, "");
      else if (given) {
        const word = name.includes(" ") ? `"${name.split(" ")[1]}", ` : "";
        out.push(`\`db.${method}(${word}...)\`, typed in the [API reference](www-api), answers:`, "", "| | type |", "|---|---|");
        const seen = new Set();
        for (const [when, type, later] of given) {
          const text = `| ${when || (seen.size > 0 ? "otherwise" : "always")} | \`${cell(later ? `Promise<${type}>` : type)}\` |`;
          if (!seen.has(text)) out.push(text);
          seen.add(text);
        }
        out.push("");
      } else out.push(`\`db.call("${name.replace(" ", '", "')}", ...)\`.`, "");
      const list = options(tree?.arguments ?? [], history);
      if (list.length > 0) out.push("## Options", "", "| option | value | since |", "|---|---|---|", ...list, "");
    }
    out.push("## Facts", "", "| | |", "|---|---|");
    if (doc.since) out.push(`| since | Redis ${doc.since} |`);
    if (doc.complexity) out.push(`| cost | ${cell(doc.complexity)} |`);
    out.push(`| group | [${title(doc.group)}](index.md#${groups.find((one) => one.name === title(doc.group)).id}) |`);
    if (info[6]?.length) out.push(`| ACL categories | ${info[6].map((one) => `\`${one}\``).join(" ")} |`);
    if (info[2]?.length) out.push(`| flags | ${info[2].map((one) => `\`${one}\``).join(" ")} |`);
    out.push("");
    if (history.length > 0)
      out.push("## History", "", "| Redis | |", "|---|---|", ...history.map(([since, text]) => `| ${since} | ${cell(text)} |`), "");
    const row = compat.get(name) ?? compat.get(name.split(" ")[0]);
    out.push("## Differences from Redis", "");
    if (row === undefined) out.push("Wakey's own; see [Compatibility](../compatibility-page).", "");
    else if (row.note) out.push(`${compat.has(name) || row.command === name ? "" : `Of ${row.command}: `}${row.note}`, "");
    else if (row.here === "documents")
      out.push("None known. It came with a later release than the one Wakey is compared with, and follows its documentation.", "");
    else out.push("None.", "");
    const family = groups.find((one) => one.name === title(doc.group)).own;
    const near = doc.container ? contains(doc.container).sort() : related(name, family);
    out.push(
      "## Related",
      "",
      near
        .filter((one) => one !== name)
        .map(link)
        .join(" · ") || link(family[0]),
      "",
    );
    pages.push({
      name: page(name),
      text: out
        .join("\n")
        .replaceAll("(www-api)", "(www/dist/api/index.html)")
        .replaceAll("(../compatibility-page)", "(COMPAT.md)")
        .replace(/\((www\/dist|COMPAT)/g, "(../../../../$1"),
    });
  }
  const index = [
    "# Commands",
    "",
    `${byGroupCount(byGroup)} commands with ${all.size - byGroupCount(byGroup)} subcommands. Each has a page with its syntax, replies, history and an example that runs there.`,
    "",
    '<div class="filter"></div>',
    "",
  ];
  for (const group of groups) {
    index.push(
      `## ${group.name}`,
      "",
      "| command | |",
      "|---|---|",
      ...group.own.map((name) => `| ${link(name)} | ${cell(all.get(name).summary)} |`),
      "",
    );
  }
  pages.push({ name: "index", text: index.join("\n") });
  db.close();
  return { pages, groups };
}

const byGroupCount = (byGroup) => [...byGroup.values()].reduce((sum, list) => sum + list.length, 0);

/** Others of its group: those whose names are like its own come first. */
function related(name, family) {
  const like = (other) => {
    let n = 0;
    while (n < other.length && other[n] === name[n]) n++;
    return n;
  };
  return [...family]
    .filter((one) => one !== name)
    .sort((a, b) => like(b) - like(a))
    .slice(0, 10)
    .sort();
}

/** The syntax trees, as `wakey help` reads them. */
async function tree() {
  const { parse, bytes, latin1 } = await source("resp/nodes", "resp/latin1");
  const player = await Player.open();
  const length = player.engine.run(player.id, ["COMMAND", "DOCS"].map(bytes));
  const at = player.engine.replyAt();
  const node = parse(latin1(player.engine.bytes.slice(at, at + length)), 0).node;
  const all = docs(node);
  player.close();
  return all;
}
