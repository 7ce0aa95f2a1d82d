/**
 * Writes from the engine's own table `pkg/src/client/commands.gen.ts` (types and names of all commands), `pkg/src/client/facts.gen.ts`
 * (what hosts go by), `pkg/src/core/docs.gen.ts` (the words of COMMAND DOCS and HELP) and `COMPAT.md`, and from the sources of the binding
 * `pkg/src/core/mailbox.gen.ts`. `--check` writes nothing and fails when a file is stale. All of them are committed.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fail, pkg, root } from "./common.mjs";
import { compat } from "./compat.mjs";
import { examples } from "./examples.mjs";
import { mailbox } from "./mailbox.mjs";
import { mentions, read } from "./notation.mjs";
import { notations } from "./replies.mjs";
import { has, isPair, isScored, reply, Signatures, token, words } from "./signatures.mjs";
import { docs, table } from "./table.mjs";

/** What an editor shows of a command. Those that wait answer promises. */
function doc(row) {
  const text = `${row.summary ?? ""}`.replace(/\*\//g, "* /");
  const cost = row.complexity ? ` Cost: ${row.complexity.replace(/\.$/, "")}.` : "";
  const since = row.since ? ` Since Redis ${row.since}.` : "";
  const name = row.name.toUpperCase().replace("|", " ");
  const example = EXAMPLES.get(name);
  const lines = [
    `${text}${cost}${since}`,
    "",
    `\`${row.syntax}\``,
    ...(example === undefined ? [] : ["@example", waits(row) === "always" ? `await ${example}` : example]),
    ...(row.since ? [`@see https://redis.io/docs/latest/commands/${name.toLowerCase().replace(" ", "-")}/`] : []),
  ];
  return ["  /**", ...lines.map((line) => `   * ${line}`.trimEnd()), "   */"].join("\n");
}

/** Where pairs begin: after how many arguments, or anywhere. Undefined for commands without. */
function pairsAt(args) {
  const at = args.findIndex(isPair);
  if (at >= 0 && args.slice(0, at).every((one) => !has(one, "optional") && !has(one, "multiple") && !one.args?.length && !one.token))
    return at;
  const deep = (list) => list.some((one) => isPair(one) || deep(one.args ?? []));
  if (isScored(args.at(-1) ?? { args: [] })) return "scored";
  return deep(args) ? "any" : undefined;
}

/** Forms that are Wakey's own, beside those of the table (COMPAT.md has them). */
const runs = (name, script) => ({
  [name]: `  /** With its keys and its arguments in arrays: the number of keys follows. */\n  ${name}(${script}: Arg, keys: readonly Arg[], args?: readonly Arg[]): Answer<Reply<B>, M>;`,
});
const OWN = {
  ...runs("eval", "script"),
  ...runs("eval_ro", "script"),
  ...runs("evalsha", "sha1"),
  ...runs("evalsha_ro", "sha1"),
  ...runs("fcall", "function_"),
  ...runs("fcall_ro", "function_"),
  hsetex:
    "  /** The short form: sets one field, and the TTL of the whole hash in seconds. 1: the field is new, 0: it was there. */\n  hsetex(key: Arg, field: Arg, value: Arg, seconds: Arg): Answer<number, M>;",
};

/** Whether a command's method has another form than the command: it is written by hand, in `client.ts`. */
const isByHand = (row) => ["transaction", "subscribes", "unsubscribes"].includes(row.session);

/** The option that makes some commands wait. Those without it always may. */
const isBlock = (arg) => has(arg, "optional") && arg.token?.toUpperCase() === "BLOCK";

/** Whether a command waits: "always", or if "asked" with BLOCK. Undefined: never. */
const waits = (row) => (has(row, "blocking") ? ((row.args ?? []).some(isBlock) ? "asked" : "always") : undefined);

/** Whether entries of streams are in a command's reply, or in that of a subcommand. */
const givesEntries = (row) =>
  [row, ...(row.subcommands ?? [])].some((one) =>
    [one.reply || "any", ...notations(one.name.replace("|", " "))].some((notation) => mentions(read(notation), "entry")),
  );

/** What may stand behind the arguments of a command that waits. */
const WAIT_OPTIONS = "...Any1<[options: WaitOptions]>";

function commands(rows) {
  const methods = [];
  const pairs = {};
  const options = {};
  const signatures = new Signatures();
  const add = (row, name, forms) => {
    for (const form of forms) methods.push(`${doc(row)}\n  ${name}${form};`);
  };
  for (const row of rows) {
    const name = row.name.toLowerCase();
    if (isByHand(row)) continue;
    for (const one of [row, ...(row.subcommands ?? [])]) {
      const found = words(one.args ?? []);
      if (found !== undefined) options[one.name.toLowerCase().replace(" ", "|")] = found;
    }
    const args = row.args ?? [];
    const wait = waits(row);
    if (wait !== undefined) {
      if (wait === "asked") {
        const plain = args.filter((arg) => !isBlock(arg));
        add(row, name, signatures.of(row, plain, { gives: (type) => `Answer<${type}, M>` }));
      }
      add(row, name, signatures.of(row, args, { gives: (type) => `Later<${type}, M>`, behind: WAIT_OPTIONS }));
      continue;
    }
    const quoted = /^[a-z_][a-z0-9_]*$/.test(name) ? name : JSON.stringify(name);
    for (const one of row.subcommands?.length ? row.subcommands : [row]) {
      const word = one === row ? undefined : one.name.split(/[| ]/).pop().toUpperCase();
      const before = word === undefined ? [] : [`subcommand: ${token(word)}`];
      const gives = (type) => `Answer<${one.storeAnswers ? `${type} | Promise<${type}>` : type}, M>`;
      // A command that takes arguments, and whose syntax does not say which.
      if (!one.args?.length && one.arity < -1 && !one.name.match(/[| ]/))
        methods.push(`${doc(one)}\n  ${quoted}(...args: [Arg, ...Arg[]]): ${gives(reply(one.reply || "any"))};`);
      else add(one, quoted, signatures.of(one, one.args ?? [], { before, gives }));
    }
    if (OWN[name]) methods.push(OWN[name]);
    if (row.subcommands?.length && !(row.args?.length === 0 && row.arity === -2)) {
      if (row.arity < 0 && row.arity !== -2) methods.push(`${doc(row)}\n  ${quoted}(): Answer<${reply(row.reply || "any")}, M>;`);
    }
    const found =
      pairsAt(row.args ?? []) ?? ((row.subcommands ?? []).some((one) => pairsAt(one.args ?? []) !== undefined) ? "any" : undefined);
    if (found !== undefined) pairs[name] = found;
  }
  const text = `/**
 * Every command of the engine's table: its name, and its types. Made by \`make gen\`; do not edit.
 */
import type { Arg } from "../resp/command.js";
import type { Reply } from "../resp/values.js";
import type { TYPES } from "./command-types.js";
import { named } from "./named.js";
import type { WaitOptions } from "./wait.js";

${[...signatures.interfaces].map(([text, name]) => `export interface ${name} { ${text} }`).join("\n")}

/**
 * The commands, each a method. \`B\` is what a bulk string becomes. \`M\` is undefined where methods answer themselves: at once,
 * and those that wait with a promise. Elsewhere it is a \`Mode\`: \`Promised\` where all of them answer promises, \`Queue\` or
 * \`SharedQueue\` in a transaction. \`E\` says how entries of streams come.
 */
export interface Commands<B = string, M = undefined, out E extends Entries = "array"> {
${methods.join("\n")}
}

/** The names of these methods. */
export const NAMES: readonly string[] =
  "${rows
    .filter((row) => !isByHand(row))
    .map((row) => row.name.toLowerCase())
    .join(" ")}".split(
    " ",
  );

/** Commands that take pairs, and after how many arguments these begin; "scored": the first of each is a score. */
export const PAIRS = /* @__PURE__ */ named<number | "any" | "scored">(${JSON.stringify(pairs)});

/**
 * Options of commands, in the order of their syntax, behind the number of arguments before them: \`EX=\` has values, \`GET*\` comes
 * with each of its values.
 */
export const OPTIONS = /* @__PURE__ */ named<string>(${JSON.stringify(options)});

/** Commands that answer entries of streams. */
export const ENTRIES: ReadonlySet<string> = /* @__PURE__ */ new Set(${JSON.stringify(rows.filter(givesEntries).map((row) => row.name.toLowerCase()))});

/** Commands that wait for their reply: always, or if asked to with BLOCK. */
export const WAITS = /* @__PURE__ */ named<"always" | "asked">(${JSON.stringify(
    Object.fromEntries(rows.filter(waits).map((row) => [row.name.toLowerCase(), waits(row)])),
  )});

/** Of those that wait, the ones that wait for one string: when their time is over they answer a null string, not a null array. */
export const WAITS_FOR_ONE: ReadonlySet<string> = /* @__PURE__ */ new Set(${JSON.stringify(
    rows.filter((row) => waits(row) && row.reply.startsWith("bulk")).map((row) => row.name.toLowerCase()),
  )});

/** Commands whose bulk reply is text for people; a subcommand is behind a bar. */
export const TEXTS: ReadonlySet<string> = /* @__PURE__ */ new Set(${JSON.stringify(
    rows
      .flatMap((row) => [row, ...(row.subcommands ?? [])])
      .filter((row) => row.reply === "text")
      .map((row) => row.name.toLowerCase().replace(" ", "|")),
  )});

/** The names of commands that always give a promise, and of those that do if asked to wait. */
export type Waiting = ${names(rows, "always")};
export type WaitingIfAsked = ${names(rows, "asked")};
`;
  const used = TYPES.filter((name) => new RegExp(`\\b${name}\\b`).test(text.replace("{ TYPES }", "")));
  return text.replace("{ TYPES }", `{ ${used.join(", ")} }`);
}

/** What \`command-types.ts\` has for signatures. */
const TYPES = [
  ...[
    "Answer",
    "Any1",
    "Any2",
    "ClaimedEntry",
    "Each",
    "Entries",
    "Entry",
    "Fields",
    "Fits",
    "Given",
    "GoneEntry",
    "Has",
    "If",
    "Later",
    "Many",
    "MapReply",
    "NoOptions",
    "Offered",
    "PairsObject",
    "PairsTail",
  ],
  ...["ScoredPairs", "ScoredTail", "Token"],
];

/** Facts for hosts. */
function facts(rows) {
  const all = rows.flatMap((row) => [row, ...(row.subcommands ?? [])]);
  const name = (row) => row.name.toLowerCase().replace(" ", "|");
  const each = (fact) => all.filter((row) => row[fact] !== "").map((row) => [name(row), row[fact]]);
  const map = (fact) => JSON.stringify(Object.fromEntries(each(fact)));
  const values = (fact) => [...new Set(each(fact).map(([, value]) => JSON.stringify(value)))].sort().join(" | ");
  const set = (some) => JSON.stringify(some.map(name));
  return `/**
 * What hosts go by, from the rows of the command table: \`OnSession\`, \`Shards\`, \`Secret\` and \`flags\` in
 * \`src/table/spec.rs\` say what the words mean. Names are in lower case; a subcommand is behind a bar. Made by \`make gen\`; do not
 * edit.
 */
import { named } from "./named.js";

/** What a command does to the session that sends it; of others nothing. */
export type OnSession = ${values("session")};
export const SESSION = /* @__PURE__ */ named<OnSession>(${map("session")});

/** How the replies of several databases to a command become one. Others go to the database of their keys, or to any. */
export type Shards = ${values("shards")};
export const SHARDS = /* @__PURE__ */ named<Shards>(${map("shards")});

/** Which arguments of a command are secret. */
export type Secret = ${values("secret")};
export const SECRETS = /* @__PURE__ */ named<Secret>(${map("secret")});

/** What a transaction does not queue, but runs at once: it ends one, or cannot be in it. */
export const AT_ONCE: ReadonlySet<string> = /* @__PURE__ */ new Set(${set(all.filter((row) => row.atOnce))});

/** What runs a script: its first argument; the second one says how many keys follow. */
export const RUNS: ReadonlySet<string> = /* @__PURE__ */ new Set(${set(rows.filter((row) => row.group === "scripting" && !row.subcommands?.length))});

/** What sends to a channel, which is its first argument. */
export const PUBLISHES: ReadonlySet<string> = /* @__PURE__ */ new Set(${set(rows.filter((row) => has(row, "pubsub") && row.session === ""))});
`;
}

/** The words of COMMAND DOCS and HELP, for the module to ask for. */
function documentation(text) {
  if (/[^\n\t -~]/.test(text)) fail("the words of COMMAND DOCS and HELP are not all ASCII, which the package takes them for");
  return `/**
 * What COMMAND DOCS and HELP say in words: \`src/table/docs.rs\` has the format. Made by \`make gen\`; do not edit.
 */
export const DOCS = \`${text.replace(/[\\`]|\$\{/g, "\\$&")}\`;
`;
}

/** The names of commands that wait, as a type. */
function names(rows, kind) {
  const found = rows.filter((row) => waits(row) === kind).map((row) => JSON.stringify(row.name.toUpperCase()));
  return found.length === 0 ? "never" : `Token<${found.join(" | ")}>`;
}

/**
 * Formats as the repository's formatter would, so that `make check` and `make gen` agree: until it finds nothing more to do, since it does
 * not always at once.
 */
async function formatted(path, text) {
  const { spawnSync } = await import("node:child_process");
  const done = spawnSync(
    process.execPath,
    [join(root, "node_modules/@biomejs/biome/bin/biome"), "format", `--stdin-file-path=${relative(root, path)}`],
    { input: text, encoding: "utf8", cwd: root, maxBuffer: 1 << 26 },
  );
  if (done.status !== 0) fail(`biome cannot format ${path}: ${done.stderr}`);
  return done.stdout === text ? text : formatted(path, done.stdout);
}

const rows = (await table()).sort((a, b) => (a.name < b.name ? -1 : 1));
const EXAMPLES = examples(rows.flatMap((row) => [row, ...(row.subcommands ?? [])]).map(({ name }) => name.toUpperCase().replace("|", " ")));
const files = [];
for (const [name, text] of [
  ["client/commands.gen.ts", commands(rows)],
  ["client/facts.gen.ts", facts(rows)],
  ["core/docs.gen.ts", documentation(await docs())],
  ["core/mailbox.gen.ts", mailbox()],
]) {
  const path = join(pkg, "src", name);
  files.push([path, await formatted(path, text)]);
}
const page = compat(rows);
if (page !== undefined) files.push([join(root, "COMPAT.md"), page]);
for (const [path, text] of files) {
  const old = existsSync(path) ? readFileSync(path, "utf8") : "";
  if (old === text) continue;
  if (process.argv.includes("--check")) fail(`${relative(root, path)} is stale: run make gen`);
  writeFileSync(path, text);
  console.log(`wrote ${relative(root, path)}`);
}
