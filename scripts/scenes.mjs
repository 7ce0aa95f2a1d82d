/**
 * Writes `pkg/src/terminal/examples.gen.ts`: for each command and subcommand a scene of at most eight lines with what they answer, for
 * `wakey help` and for the command's page. `--check` writes nothing and fails when the file is stale. It needs the built package, and no cargo.
 *
 * A scene comes out of the dialogues (`tests/cases`), which are facts that a real Redis answers, too: a line in which the command appears,
 * and those before it that have to do with its keys. It is played on an engine, and what can be left out without another answer to any line
 * that stays is left out. Of all such scenes the plainest is taken. `scenes.txt` has those that no dialogue shows, or shows badly; the engine
 * says what they answer.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { manualClock, open } from "wakey";
import "wakey/words";
import { cases, source } from "../pkg/test/support.mjs";
import { fail, output, pkg, root } from "./common.mjs";

const { words, pretty } = await source("prompt/format");
const { parse, bytes, latin1 } = await source("resp/nodes", "resp/latin1");
const { docs } = await source("prompt/hints");

const PATH = join(pkg, "src/terminal/examples.gen.ts");
const START = 1_700_000_000_000;
/** Lines of a scene, and of what one of them answers. */
const LINES = 8;
const LONG = 14;
/** How many places in the dialogues are tried for a command. */
const TRIES = 8;

/** The scenes of `scenes.txt`, by the command that they are for: their last line's, or that behind `=`. */
function byHand(names) {
  const out = {};
  for (const part of readFileSync(join(root, "scripts/scenes.txt"), "utf8").split(/\n{2,}/)) {
    const own = part.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    if (own.length === 0) continue;
    const named = own.at(-1).startsWith("= ") ? own.pop().slice(2) : undefined;
    const name = named ?? commandOf(own.at(-1), names);
    if (!names.has(name) || out[name]) fail(`scenes.txt: ${own.at(-1)}: ${names.has(name) ? "a second scene" : "no such command"}`);
    out[name] = own;
  }
  return out;
}

const narrow = (text) => latin1(new TextEncoder().encode(text));
const wide = (text) => new TextDecoder().decode(bytes(text));

/** Lines that change more than keys. */
export const OF_MORE =
  /^(acl|auth|client|cluster|config|debug|dump|hello|himport|hotkeys|latency|memory|monitor|multi|quit|reset|restore|select|shutdown|slowlog|[ps]?subscribe|swapdb|watch|move|bl|br|bz|x|eval|fcall|function|script|object|info|backup|ping)/i;

/** Commands that only a node of a cluster answers. */
export const ofCluster = (name) => /^(CLUSTER|ASKING|READONLY|READWRITE)\b/.test(name);

/** An engine in the state of a new one, with one session, which a console has, too. */
export class Player {
  static async open({ protocol = 3, cluster = false } = {}) {
    const player = new Player();
    player.protocol = protocol;
    player.cluster = cluster;
    await player.fresh();
    return player;
  }

  /** Another engine; where nothing but keys was changed, another session on no keys. */
  async fresh() {
    if (this.dirty) this.close();
    if (this.dirty !== false) {
      const { _engine: model } = await (Player.model ??= open());
      const options = { seed: 42n, clock: manualClock(START), timer: false, words: model.docs, ...(this.cluster ? { cluster: true } : {}) };
      this.engine = await model.constructor.create(model.module, options);
    } else {
      for (const line of ["FLUSHALL", "SCRIPT FLUSH", "FUNCTION FLUSH"]) this.run(line);
      this.engine.closeSession(this.id);
    }
    this.dirty = false;
    this.id = this.engine.openSession({ resp: this.protocol, trusted: true, addr: "127.0.0.1:50000", laddr: "127.0.0.1:6380" }, () => {});
  }

  /** What a line answers, as lines of redis-cli; undefined where it waits. */
  run(line) {
    const args = words(narrow(line));
    if (args === undefined || args.length === 0) throw new Error(`not a line: ${line}`);
    if (this.engine.isWaiting(this.id)) return undefined;
    if (OF_MORE.test(line)) this.dirty = true;
    const length = this.engine.run(this.id, args.map(bytes));
    const at = this.engine.replyAt();
    const reply = latin1(this.engine.bytes.slice(at, at + length));
    if (this.engine.flags() & 2) this.engine.deliver();
    const shown = [];
    for (let from = 0; from < reply.length; ) {
      const found = parse(reply, from);
      shown.push(
        ...wide(pretty(found.node))
          .split("\n")
          .map((one) => one.trimEnd())
          .filter(Boolean),
      );
      from = found.end;
    }
    return reply === "" ? undefined : shown;
  }

  close() {
    this.engine.close();
  }
}

/** A scene's text, in the format of dialogues, as `[line, reply lines]` each. */
export function lines(scene) {
  const out = [];
  for (const line of scene.split("\n")) {
    if (line.startsWith("> ")) out.push([line.slice(2), []]);
    else out.at(-1)[1].push(line);
  }
  return out;
}

/** The command of a line, with its subcommand where that is one. */
export function commandOf(line, names) {
  const [first = "", second = ""] = words(narrow(line)) ?? [];
  const long = `${first} ${second}`.toUpperCase();
  return names.has(long) ? long : first.toUpperCase();
}

/** The sections of the dialogues, as far as one session speaks RESP3 and time stands still. */
function* sections() {
  for (const [file, text] of cases()) {
    for (const part of text.split(/^== /m).slice(1)) {
      const all = part.split(/\r?\n/).slice(1);
      if (all.some((line) => /^@(wakey|dialect|cluster|compat)\b/.test(line))) continue;
      const found = [];
      let how;
      for (let i = 0; i < all.length; i++) {
        const line = all[i];
        if (/^@(resp2|raw|hear|clock|advance|session)\b/.test(line)) break;
        if (/^@(like|unordered)/.test(line)) how = line;
        if (!line.startsWith("> ")) continue;
        const reply = [];
        while (i + 1 < all.length && all[i + 1].trimEnd() !== "" && !/^(> |== |@)/.test(all[i + 1])) reply.push(all[++i].trimEnd());
        found.push({ line: line.slice(2).trim(), reply, how });
        how = undefined;
      }
      if (found.length > 0) yield { file, found };
    }
  }
}

const same = (a, b) => a !== undefined && a.length === b.length && a.every((line, i) => line === b[i]);

/** Whether the last of these lines answers as it did, and so do those before it. */
async function holds(player, scene) {
  await player.fresh();
  for (const { line, reply } of scene) {
    const got = player.run(line);
    if (got === undefined || !same(got, reply)) return false;
  }
  return true;
}

/** How plain a scene is: less is better. */
function weight(scene) {
  const last = scene.at(-1);
  const failed = scene.filter(({ reply }) => /^\(error\)|^\d+\) \(error\)/.test(reply[0] ?? "")).length;
  const text = scene.map(({ line }) => line).join(" ");
  const nothing = /^(\(nil\)|\(empty|\(integer\) (0|-\d+)$|\(false\)|""$)/.test(last.reply[0] ?? "");
  const odd = (text.match(/\\x|""|nokey|nosuch|missing|none\b|[0-9]{9,}/g) ?? []).length;
  const corner = last.line.split(/\s+/).filter((word, i, all) => all.indexOf(word) < i && !/^\d+$/.test(word)).length;
  const replies = scene.reduce((sum, { reply }) => sum + reply.length, 0);
  // A line of a word shows nothing of what the command is for.
  const bare = last.line.split(/\s+/).length;
  return (
    failed * 400 +
    (/^QUEUED$/.test(last.reply[0]) ? 400 : 0) +
    (nothing ? 120 : 0) +
    odd * 50 +
    corner * 15 +
    scene.length * 12 +
    Math.abs(scene.length - 3) * 6 +
    text.length * 0.5 +
    Math.max(0, replies - 8) * 6 +
    (bare === 1 ? 5 : 0)
  );
}

/** The lines before `at` that have to do with it, without what can be left out; undefined where it does not hold by itself. */
async function reduced(player, found, at, keysOf) {
  const keys = new Set(keysOf(found[at].line));
  let need = [];
  for (let i = at - 1; i >= 0; i--) {
    const own = keysOf(found[i].line);
    if (!own.some((key) => keys.has(key))) continue;
    need.unshift(found[i]);
    for (const key of own) keys.add(key);
  }
  need = need.slice(-60);
  let scene = [...need, found[at]];
  if (!(await holds(player, scene))) {
    // What has no key may have to do with it: CONFIG SET, MULTI, SCRIPT LOAD.
    scene = found.slice(Math.max(0, at - 40), at + 1);
    if (!(await holds(player, scene))) return undefined;
  }
  for (let size = Math.max(1, scene.length >> 1); size >= 1; size >>= 1)
    for (let i = 0; i + size < scene.length; ) {
      const less = [...scene.slice(0, i), ...scene.slice(i + size)];
      if (await holds(player, less)) scene = less;
      else i += size;
    }
  return scene.length <= LINES ? scene : undefined;
}

/** All scenes: by the command's name in upper case, a subcommand's behind a blank. */
async function scenes() {
  const player = await Player.open();
  const db = await open();
  const asked = db.session();
  const all = docs(parseOf(player, "COMMAND DOCS"));
  const names = new Map([...all.keys()].map((name) => [name, true]));
  const hand = byHand(names);
  const keysOf = (line) => {
    try {
      return asked.command("GETKEYS", ...words(line)).map(String);
    } catch {
      return [];
    }
  };
  const places = new Map();
  for (const { found } of sections()) {
    for (const [at, { line, reply, how }] of found.entries()) {
      if (how !== undefined || reply.length === 0 || reply.length > LONG || line.length > 110) continue;
      const name = commandOf(line, names);
      if (!names.has(name) || hand[name]) continue;
      // What it answers when the keys that it needs are counted later; a rough guess of where to look first.
      const guess = weight([found[at]]) + Math.min(at, 20);
      places.set(name, [...(places.get(name) ?? []), { found, at, guess }]);
    }
  }
  const out = new Map();
  for (const [name, list] of places) {
    let best;
    for (const { found, at } of list.sort((a, b) => a.guess - b.guess).slice(0, TRIES)) {
      const scene = await reduced(player, found, at, keysOf);
      if (scene === undefined) continue;
      const heavy = weight(scene);
      if (best === undefined || heavy < best.heavy) best = { heavy, scene };
    }
    if (best) out.set(name, best);
  }
  for (const [name, text] of Object.entries(hand)) {
    const fresh = await Player.open({ cluster: ofCluster(name) });
    out.set(name, { heavy: 0, scene: text.map((line) => ({ line, reply: fresh.run(line) ?? ["(no reply)"] })) });
    fresh.close();
  }
  player.close();
  return { out, names };
}

function parseOf(player, line) {
  const args = words(line);
  const length = player.engine.run(player.id, args.map(bytes));
  const at = player.engine.replyAt();
  return parse(latin1(player.engine.bytes.slice(at, at + length)), 0).node;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { out, names } = await scenes();
  const of = (name) => out.get(name);
  const contains = (name) => [...names.keys()].some((one) => one.startsWith(`${name} `));
  const missing = [...names.keys()].filter((name) => of(name) === undefined && !contains(name));
  if (process.argv.includes("--look"))
    for (const name of [...names.keys()].sort())
      console.log(
        `\n# ${name} ${of(name)?.heavy.toFixed(0)}\n${(of(name)?.scene ?? []).map(({ line, reply }) => `> ${line}\n${reply.join("\n")}`).join("\n")}`,
      );
  if (missing.length > 0) fail(`no example for: ${missing.join(", ")}`);
  const entries = [...names.keys()]
    .filter((name) => out.has(name) && (!contains(name) || of(name).heavy < 300))
    .sort()
    .map((name) => {
      const text = of(name)
        .scene.map(({ line, reply }) => [`> ${line}`, ...reply].join("\n"))
        .join("\n");
      return `  ${JSON.stringify(name)}: ${JSON.stringify(text)},`;
    });
  const text = `/** An example of each command, in the format of dialogues (\`tests/cases\`). Made by \`node scripts/scenes.mjs\`; do not edit. */
export const EXAMPLES: { readonly [name: string]: string } = {
${entries.join("\n")}
};
`;
  const biome = join(root, "node_modules/@biomejs/biome/bin/biome");
  const neat = output(process.execPath, [biome, "format", `--stdin-file-path=${relative(root, PATH)}`], { input: text }) ?? fail("biome");
  const old = existsSync(PATH) ? readFileSync(PATH, "utf8") : "";
  if (old !== neat) {
    if (process.argv.includes("--check")) fail(`${relative(root, PATH)} is stale: node scripts/scenes.mjs`);
    writeFileSync(PATH, neat);
    console.log(`wrote ${relative(root, PATH)}: ${entries.length} examples`);
  }
  process.exit(0);
}
