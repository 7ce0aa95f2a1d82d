/**
 * What the program `wakey` does: one command, a pipe of commands, an interactive client like redis-cli, or a server.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Wakey } from "../client/client.js";
import { engineOf } from "../client/port.js";
import type { Serve } from "../net/listener.js";
import type { ServeOptions } from "../net/options.js";
import type { Open } from "../open/open.js";
import type { OpenOptions } from "../open/options.js";
import { didYouMean } from "../prompt/advice.js";
import { message, times, words } from "../prompt/format.js";
import { docs, help } from "../prompt/hints.js";
import { Inside, isSubscribed, type Link } from "../prompt/links.js";
import { nearest } from "../prompt/suggest.js";
import type { Node } from "../resp/nodes.js";
import { testClock } from "../testing/clock.js";
import { latin1, read, type Settings, UsageError, unquoted } from "./argv.js";
import { askPassword, isRemote, link, moveTo, type Package, wire } from "./connect.js";
import { hasColours, plain, printed, type Style } from "./formats.js";
import { load } from "./load.js";
import { bigKeys, hotKeys } from "./modes/keys.js";
import { latency } from "./modes/latency.js";
import { pipe as pipeAll } from "./modes/pipe.js";
import { fetchRdb, saveRdb } from "./modes/rdb.js";
import { scan } from "./modes/scan.js";
import { stat } from "./modes/stat.js";
import { paged } from "./pager.js";
import { print } from "./print.js";
import { Remote } from "./remote.js";
import { replay } from "./replay.js";
import { Console } from "./terminal.js";
import { beside, ui } from "./ui.js";
import { section, USAGE } from "./usage.js";

declare const __VERSION__: string;

/** Words that stand for a program of their own. */
const PROGRAMS = ["serve", "ui", "load", "replay", "help"];

/** How a reply is sent for: through a cluster's redirections, where the settings say so. */
export type Ask = (on: Link, args: readonly string[]) => Promise<Node | undefined>;

/** How many redirections are followed for one command. */
const HOPS = 16;

function asking(settings: Settings, style: Style): Ask {
  if (!settings.follow) return (on, args) => on.send(args);
  return async (on, args) => {
    for (let hops = 0; ; hops++) {
      const reply = await on.send(args);
      if (reply?.type !== "error" || !(on instanceof Remote) || hops === HOPS) return reply;
      const [, kind, slot, host = "", port] = /^(MOVED|ASK) (\d+) (\S*):(\d+)$/.exec(reply.text) ?? [];
      if (kind === undefined) return reply;
      if (style.form === "pretty") await print(`-> Redirected to slot [${slot}] located at ${host}:${port}\n`);
      await moveTo(on, settings, host === "" ? (settings.host ?? "127.0.0.1") : host, Number(port));
      if (kind === "ASK") await on.send(["ASKING"]);
    }
  };
}

/** Runs one command and prints its reply. Whether it went well. */
async function once(on: Link, args: readonly string[], settings: Settings, style: Style, ask: Ask): Promise<boolean> {
  const reply = await ask(on, args);
  if (reply === undefined) return true;
  const failed = reply.type === "error";
  await print(printed(reply, args, style), failed && settings.stopOnError ? process.stderr : process.stdout);
  return !failed;
}

/** Commands from standard input, one a line. */
async function pipe(on: Link, settings: Settings, style: Style, ask: Ask): Promise<number> {
  process.stdin.setEncoding("latin1");
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const args = words(line);
    if (args === undefined) await print("Invalid argument(s)\n");
    if (args === undefined || args.length === 0) continue;
    if (/^(quit|exit)$/i.test(args[0] as string)) break;
    const count = times(args);
    for (let i = 0; i < count; i++) if (!(await once(on, args, settings, style, ask)) && settings.stopOnError) return 1;
  }
  return 0;
}

/** The words of the command line are UTF-8; from here on a char is a byte. */
function commandOf(settings: Settings): string[] {
  const args = settings.command.map(settings.quoted ? unquoted : latin1);
  const input = (): string => readFileSync(0).toString("latin1");
  if (settings.lastFromStdin) args.push(input());
  if (settings.tag !== undefined) {
    const at = args.indexOf(latin1(settings.tag));
    if (at < 0) throw new UsageError(`Using -X option but stdin tag not match.`);
    args[at] = input();
  }
  if (settings.script === undefined) return args;
  const comma = args.indexOf(",");
  const keys = comma < 0 ? args : args.slice(0, comma);
  let script: string;
  try {
    script = readFileSync(settings.script, "latin1");
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new UsageError(`Can't open file '${settings.script}': ${missing ? "No such file or directory" : (error as Error).message}`);
  }
  return ["EVAL", script, String(keys.length), ...keys, ...(comma < 0 ? [] : args.slice(comma + 1))];
}

/** What the program does instead of running commands. */
async function inMode(settings: Settings, style: Style, wakey: Package): Promise<number> {
  const { mode } = settings;
  if (mode === "pipe" || (mode === "rdb" && isRemote(settings))) {
    const { socket, close } = await wire(settings, wakey);
    try {
      if (mode === "rdb") return await fetchRdb(socket, settings.dump as string);
      return await pipeAll(socket, process.stdin, settings.pipeTimeout);
    } finally {
      await close();
    }
  }
  if (mode === "rdb") {
    const db = await wakey.open(settings.open as OpenOptions);
    try {
      return await saveRdb(db, settings.dump as string);
    } finally {
      await db.close();
    }
  }
  const on = await link(settings, wakey.open);
  try {
    if (mode === "scan") return await scan(on, settings, style);
    if (mode === "bigkeys" || mode === "memkeys") return await bigKeys(on, settings);
    if (mode === "hotkeys") return await hotKeys(on, settings);
    if (mode === "stat") return await stat(on, settings);
    return await latency(on, settings);
  } finally {
    on.close();
  }
}

/** `wakey help`: of a program, or of an engine in this process. */
async function helped(topic: readonly string[], { open }: Package): Promise<number> {
  const said = topic.length === 1 ? section(topic[0] as string) : undefined;
  if (said !== undefined) {
    await print(said);
    return 0;
  }
  const on = new Inside(await open());
  try {
    const all = docs((await on.send(["COMMAND", "DOCS"])) as Node);
    const { EXAMPLES } = await import("./examples.gen.js");
    const found = help(all, topic, EXAMPLES);
    if (found.trim() === "") {
      const name = topic.join(" ");
      throw new UsageError(`There is no command '${name}'. ${didYouMean(all, name) ?? ""}`.trimEnd());
    }
    await paged(`${hasColours(process.stdout) ? found : plain(found)}\n`);
    return 0;
  } finally {
    on.close();
  }
}

async function server(settings: Settings, { open, serve }: Package): Promise<number> {
  const { file, socket } = settings;
  if (settings.shards !== undefined) return cluster(settings, settings.shards, serve);
  const { port = file === undefined ? 6380 : undefined, host = file === undefined ? "127.0.0.1" : undefined } = settings;
  const own =
    file === undefined
      ? { db: await open({ ...(settings.testing ? { clock: testClock() } : {}), ...(settings.open as OpenOptions) }) }
      : { ...(settings.open as OpenOptions), config: file };
  const set = (db: Wakey): void => {
    for (const [name, value] of settings.config) db.call("CONFIG", "SET", name, value);
  };
  if (own.db !== undefined) set(own.db);
  let end: (status: number) => void = () => {};
  const ended = new Promise<number>((done) => {
    end = done;
  });
  const running = await serve({
    ...own,
    ...(port === undefined ? {} : { port: port === 0 && socket !== undefined ? null : port }),
    ...(host === undefined ? {} : { host }),
    ...(socket === undefined ? {} : { path: socket }),
    ...passed(settings, end),
  });
  const { db } = running;
  if (own.db === undefined) set(db);
  const where = [running.port === undefined ? "" : `${running.host}:${running.port}`, running.path ?? ""].filter(Boolean).join(" and ");
  process.stdout.write(`Wakey ${__VERSION__} serves RESP on ${where}\n`);
  const page =
    settings.web === undefined
      ? undefined
      : await beside(running, settings.web).catch(async (error) => {
          await running.close();
          await db.close();
          throw error;
        });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop(db, end));
  let terminal: Console | undefined;
  if (settings.console && process.stdin.isTTY) {
    const style: Style = { form: "pretty", between: "\n", end: "\n", colours: hasColours(process.stdout) };
    terminal = new Console(new Inside(db.session()), undefined, { style });
    void terminal.run().then(() => end(0));
  }
  const status = await ended;
  terminal?.close();
  await page?.close();
  await running.close();
  await db.close();
  return status;
}

/** Ends as SHUTDOWN does, where data is to be saved at the end: with `save`. */
function stop(db: Wakey, end: (status: number) => void): void {
  try {
    if (!db.closed && engineOf(db).setting("save") !== "") return void db.call("SHUTDOWN");
  } catch {
    // A script is paused, or somebody else ends it already.
  }
  end(0);
}

/** Serves several nodes of a cluster. */
async function cluster(settings: Settings, shards: number, serve: Serve): Promise<number> {
  const { port = 6380, host = "127.0.0.1" } = settings;
  for (const name of ["socket", "console", "file", "web"] as const) {
    if (settings[name] !== undefined && settings[name] !== false)
      throw new UsageError(`--shards is not for ${name === "file" ? "a redis.conf" : `--${name}`}`);
  }
  let end: (status: number) => void = () => {};
  const ended = new Promise<number>((done) => {
    end = done;
  });
  const running = await serve({
    ...(settings.open as OpenOptions),
    shards,
    port,
    host,
    ...passed(settings, end),
  });
  for (const { db } of running.shards) for (const [name, value] of settings.config) db.call("CONFIG", "SET", name, value);
  process.stdout.write(`Wakey ${__VERSION__} serves a cluster on ${running.ports.map((port) => `${host}:${port}`).join(", ")}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => end(0));
  const status = await ended;
  await running.close();
  return status;
}

/** What `serve` is told of settings, besides what it opens; `end` ends the program. */
function passed(settings: Settings, end: (status: number) => void): Omit<ServeOptions, "shards"> {
  return {
    ...(settings.aclfile === undefined ? {} : { aclfile: settings.aclfile }),
    ...(settings.debug === undefined ? {} : { enableDebugCommand: settings.debug }),
    testing: settings.testing,
    onShutdown: () => end(0),
    onError: (error) => {
      process.stderr.write(`wakey: ${error.message}\n`);
      end(1);
    },
  };
}

/** A word that is no command may have been meant for a program. */
function suggest(word: string, on: Link): void {
  const meant = on instanceof Inside ? nearest(word, PROGRAMS) : undefined;
  if (meant !== undefined) process.stderr.write(`Did you mean 'wakey ${meant}'?\n`);
}

/** What the client says before its first prompt. */
function inMemory({ open: { store } }: Settings): string {
  if (store !== undefined) return `Data is kept in ${store}. Press Tab to complete, or type help.`;
  return "Data is in memory, and gone when this ends: -p connects to a server, --store keeps it. Press Tab to complete, or type help.";
}

async function main(wakey: Package): Promise<number> {
  const settings = read(process.argv.slice(2), process.env);
  if (settings === "help" || settings === "version") {
    process.stdout.write(settings === "help" ? USAGE : `wakey ${__VERSION__}\n`);
    return 0;
  }
  if (settings.warns) for (const warning of settings.warnings) process.stderr.write(`Warning: ${warning}\n`);
  if (settings.help !== undefined) return helped(settings.help, wakey);
  if (settings.serve) return server(settings, wakey);
  if (settings.load !== undefined) return load(settings.load, settings, wakey.open);
  if (settings.replay !== undefined) return replay(settings.replay, wakey.open);
  const terminal = process.stdout.isTTY;
  const form = settings.form ?? (terminal ? "pretty" : "raw");
  settings.resp ??= form.endsWith("json") || (terminal && settings.form === undefined) ? 3 : 2;
  const style: Style = { form, between: settings.between, end: settings.end, colours: hasColours(process.stdout) };
  if (settings.askpass) settings.password = latin1(await askPassword());
  if (settings.ui) return ui(settings);
  if (settings.mode !== undefined) return inMode(settings, style, wakey);
  const args = commandOf(settings);
  const on = await link(settings, wakey.open);
  const ask = asking(settings, style);
  const shows = settings.pushes ?? terminal;
  on.onmessage = (node) => {
    if (shows || node.type !== "push" || isSubscribed(node)) void print(printed(message(node), [], style));
  };
  try {
    if (args.length === 0) {
      if (!process.stdin.isTTY) return await pipe(on, settings, style, ask);
      const again = on instanceof Remote ? () => link(settings, wakey.open) : undefined;
      const greeting = on instanceof Inside ? inMemory(settings) : "";
      await new Console(on, again, { database: settings.database, ask, style, pushes: shows, greeting }).run();
      return 0;
    }
    let status = 0;
    for (let i = 0; i < settings.repeat || settings.repeat < 0; i++) {
      if (i > 0 && settings.interval) await sleep(settings.interval * 1000);
      if (!(await once(on, args, settings, style, ask))) status = 1;
    }
    if (status !== 0 && args.length === 1) suggest(args[0] as string, on);
    // Who has subscribed reads messages until the user or the server ends it.
    if (on.listening) await on.ended.then(() => Promise.reject(new UsageError("Server closed the connection")));
    return status;
  } finally {
    on.close();
  }
}

/** Runs the program with the words of the command line. */
export function begin(open: Open, serve: Package["serve"]): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  main({ open, serve }).then(
    (status) => {
      process.exitCode = status;
      // Output may still be on its way through a pipe; a terminal's input would keep the process.
      process.stdin.unref?.();
    },
    (error: Error) => {
      process.stderr.write(`${error instanceof UsageError ? "" : "wakey: "}${error.message}\n`);
      process.exitCode = 1;
      process.stdin.unref?.();
    },
  );
}
