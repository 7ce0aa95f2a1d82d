/**
 * What the program `wakey` does: one command, a pipe of commands, an interactive client like redis-cli, or a server.
 */
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Wakey } from "../client/client.js";
import { engineOf } from "../client/port.js";
import type { Serve } from "../net/listener.js";
import type { ServeOptions } from "../net/options.js";
import type { Open } from "../open/open.js";
import type { OpenOptions } from "../open/options.js";
import { message, shown, times, words } from "../prompt/format.js";
import { Inside, type Link } from "../prompt/links.js";
import type { Node } from "../resp/nodes.js";
import { testClock } from "../testing/clock.js";
import { read, type Settings, USAGE, UsageError } from "./argv.js";
import { load } from "./load.js";
import { Remote } from "./remote.js";
import { replay } from "./replay.js";
import { Console } from "./terminal.js";

declare const __VERSION__: string;

/** What the program runs on. */
interface Package {
  open: Open;
  serve: Serve;
}

function print(text: string, to: NodeJS.WriteStream = process.stdout): void {
  to.write(Buffer.from(text, "latin1"));
}

/** Connects as the settings say. */
async function link(settings: Settings, open: Open): Promise<Link> {
  const { host = "127.0.0.1", port = 6379, socket } = settings;
  const remote = settings.host !== undefined || settings.port !== undefined || socket !== undefined;
  let found: Link;
  if (remote) {
    const name = socket ?? `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
    try {
      found = await Remote.open(socket === undefined ? { host, port } : { path: socket }, name);
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const reason = code === "ECONNREFUSED" ? "Connection refused" : code === "ENOENT" ? "No such file or directory" : message;
      throw new UsageError(`Could not connect to ${socket === undefined ? "a server" : "the socket"} at ${name}: ${reason}`);
    }
  } else {
    found = new Inside(await open(settings.open as OpenOptions));
  }
  await greet(found, settings);
  return found;
}

/** What a new connection begins with: protocol, password, database. Errors go to standard error, as a warning. */
async function greet(on: Link, settings: Settings): Promise<void> {
  const complain = (reply: Node | undefined): void => {
    if (reply?.type === "error") process.stderr.write(`Warning: ${reply.text}\n`);
  };
  const { user, password } = settings;
  if (password !== undefined && on instanceof Remote) complain(await on.send(["AUTH", ...(user === undefined ? [] : [user]), password]));
  if (settings.resp === 3 ? on instanceof Remote : on instanceof Inside) {
    const reply = await on.send(["HELLO", String(settings.resp)]);
    if (reply?.type === "error" && !/^(NOPROTO|NOAUTH|ERR unknown)/.test(reply.text)) complain(reply);
  }
  if (settings.database !== 0) complain(await on.send(["SELECT", String(settings.database)]));
}

/** Runs one command and prints its reply. Whether it went well. */
async function once(on: Link, args: readonly string[], settings: Settings, style: "raw" | "pretty"): Promise<boolean> {
  const reply = await on.send(args);
  if (reply === undefined) return true;
  const failed = reply.type === "error";
  print(shown(reply, args, style), failed && settings.stopOnError ? process.stderr : process.stdout);
  return !failed;
}

/** Commands from standard input, one a line. */
async function pipe(on: Link, settings: Settings, style: "raw" | "pretty"): Promise<number> {
  process.stdin.setEncoding("latin1");
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    const args = words(line);
    if (args === undefined) print("Invalid argument(s)\n");
    if (args === undefined || args.length === 0) continue;
    if (/^(quit|exit)$/i.test(args[0] as string)) break;
    const count = times(args);
    for (let i = 0; i < count; i++) if (!(await once(on, args, settings, style)) && settings.stopOnError) return 1;
  }
  return 0;
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
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop(db, end));
  let terminal: Console | undefined;
  if (settings.console && process.stdin.isTTY) {
    terminal = new Console(new Inside(db.session()), undefined);
    void terminal.run().then(() => end(0));
  }
  const status = await ended;
  terminal?.close();
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
  for (const name of ["socket", "console", "file"] as const) {
    if (settings[name]) throw new UsageError(`--shards is not for ${name === "file" ? "a redis.conf" : `--${name}`}`);
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

async function main(wakey: Package): Promise<number> {
  const settings = read(process.argv.slice(2), process.env);
  if (settings === "help" || settings === "version") {
    process.stdout.write(settings === "help" ? USAGE : `wakey ${__VERSION__}\n`);
    return 0;
  }
  for (const warning of settings.warnings) process.stderr.write(`Warning: ${warning}\n`);
  if (settings.serve) return server(settings, wakey);
  if (settings.load !== undefined) return load(settings.load, settings, wakey.open);
  if (settings.replay !== undefined) return replay(settings.replay, wakey.open);
  const style = settings.output ?? (process.stdout.isTTY ? "pretty" : "raw");
  // The words of a command line are UTF-8; from here on a char is a byte.
  const args = settings.command.map((word) => Buffer.from(word).toString("latin1"));
  if (settings.lastFromStdin) args.push(readFileSync(0).toString("latin1"));
  const on = await link(settings, wakey.open);
  on.onmessage = (node) => print(message(node, style));
  try {
    if (args.length === 0) {
      if (!process.stdin.isTTY) return await pipe(on, settings, style);
      const again = on instanceof Remote ? () => link(settings, wakey.open) : undefined;
      await new Console(on, again, settings.database).run();
      return 0;
    }
    let status = 0;
    for (let i = 0; i < settings.repeat || settings.repeat < 0; i++) {
      if (i > 0 && settings.interval > 0) await sleep(settings.interval * 1000);
      if (!(await once(on, args, settings, style))) status = 1;
    }
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
