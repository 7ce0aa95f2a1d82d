/**
 * Where the commands of the program go: an engine in this process, or a server over a socket, plain or by TLS, that is greeted as the
 * settings say.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect as connectPlain, isIP, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Wakey } from "../client/client.js";
import type { Serve } from "../net/listener.js";
import type { Open } from "../open/open.js";
import type { OpenOptions } from "../open/options.js";
import { Inside, type Link } from "../prompt/links.js";
import type { Node } from "../resp/nodes.js";
import { command } from "../resp/write.js";
import { type Settings, type TlsSettings, UsageError } from "./argv.js";
import { Remote, type Way } from "./remote.js";

/** What the program runs on. */
export interface Package {
  open: Open;
  serve: Serve;
}

/** Whether a server is meant, and not an engine of this process. */
export function isRemote({ host, port, socket, tls }: Settings): boolean {
  return host !== undefined || port !== undefined || socket !== undefined || tls !== undefined;
}

function file(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`Can't read '${path}': ${(error as Error).message}`);
  }
}

/** What Node is told of TLS. Without certificates of its own the system's, as Node has them, count. */
function secured(host: string, tls: TlsSettings): object {
  const { sni, cacert, cacertdir, cert, key, ciphers, suites, insecure = false } = tls;
  const folder = cacertdir === undefined ? [] : readdirSync(cacertdir).map((name) => join(cacertdir, name));
  const ca = [...(cacert === undefined ? [] : [cacert]), ...folder].map(file);
  const servername = sni ?? (isIP(host) === 0 ? host : undefined);
  const list = [suites, ciphers].filter((one) => one !== undefined).join(":");
  return {
    rejectUnauthorized: !insecure,
    ...(servername === undefined ? {} : { servername }),
    ...(ca.length === 0 ? {} : { ca }),
    ...(cert === undefined ? {} : { cert: file(cert) }),
    ...(key === undefined ? {} : { key: file(key) }),
    ...(list === "" ? {} : { ciphers: list }),
  };
}

const REASONS: { [code: string]: string } = {
  ECONNREFUSED: "Connection refused",
  ENOENT: "No such file or directory",
  ENOTFOUND: "Name or service not known",
  ETIMEDOUT: "Connection timed out",
};

/** Connects to `host` and `port`, or to the socket of the settings. */
async function reach(settings: Settings, host: string, port: number, path: string | undefined): Promise<Way> {
  const { tls, timeout, family } = settings;
  const name = path ?? `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const where = path === undefined ? { host, port, ...(family === 0 ? {} : { family }) } : { path };
  const start = tls === undefined ? undefined : (await import("node:tls")).connect;
  return new Promise((done, failed) => {
    const fail = (reason: string): void => {
      socket.destroy();
      failed(new UsageError(`Could not connect to ${path === undefined ? "a server" : "the socket"} at ${name}: ${reason}`));
    };
    const socket: Socket = start === undefined ? connectPlain(where) : start({ ...where, ...secured(host, tls as TlsSettings) });
    const timer = timeout > 0 ? setTimeout(() => fail("Connection timed out"), timeout) : undefined;
    const refused = ({ code = "", message }: NodeJS.ErrnoException): void => {
      clearTimeout(timer);
      fail(REASONS[code] ?? message);
    };
    socket.once("error", refused);
    socket.once(start === undefined ? "connect" : "secureConnect", () => {
      clearTimeout(timer);
      socket.off("error", refused);
      done({ socket, name });
    });
  });
}

/** The way to the server of the settings. */
function way(settings: Settings): Promise<Way> {
  const { host = "127.0.0.1", port = 6379, socket } = settings;
  return reach(settings, host, port, socket);
}

/** Connects as the settings say. */
export async function link(settings: Settings, open: Open): Promise<Link> {
  const found = isRemote(settings) ? new Remote(await way(settings)) : new Inside(await open(settings.open as OpenOptions));
  await greet(found, settings);
  return found;
}

/** Goes on at another node of the cluster, which a redirection has named. */
export async function moveTo(on: Remote, settings: Settings, host: string, port: number): Promise<void> {
  on.move(await reach(settings, host, port, undefined));
  await greet(on, { ...settings, database: 0 });
}

/** What a new connection begins with: protocol, password, name, database. Errors go to standard error, as a warning. */
async function greet(on: Link, settings: Settings): Promise<void> {
  const complain = (reply: Node | undefined): void => {
    if (reply?.type === "error") process.stderr.write(`Warning: ${reply.text}\n`);
  };
  const { user, password, name } = settings;
  if (password !== undefined && on instanceof Remote) complain(await on.send(["AUTH", ...(user === undefined ? [] : [user]), password]));
  if (settings.resp === 3 ? on instanceof Remote : on instanceof Inside) {
    const reply = await on.send(["HELLO", String(settings.resp)]);
    if (reply?.type === "error" && !/^(NOPROTO|NOAUTH|ERR unknown)/.test(reply.text)) complain(reply);
  }
  if (name !== undefined) complain(await on.send(["CLIENT", "SETNAME", name]));
  if (settings.database !== 0) complain(await on.send(["SELECT", String(settings.database)]));
}

/** Characters that the reply to AUTH may have. */
const REPLY = 4096;

/** Gives the password to a server whose socket is used as it is. What is wrong with it, in the server's words. */
async function authenticate(socket: Socket, { user, password }: Settings): Promise<string | undefined> {
  if (password === undefined) return undefined;
  socket.write(command(["AUTH", ...(user === undefined ? [] : [user]), password]), "latin1");
  const reply = await new Promise<string>((done, failed) => {
    let text = "";
    const take = (chunk: Buffer): void => {
      text += chunk.toString("latin1");
      if (text.includes("\n")) end(() => done(text));
      else if (text.length > REPLY) end(() => failed(new UsageError("what answers there is not a RESP server")));
    };
    const closed = (): void => end(() => failed(new UsageError("Server closed the connection")));
    const end = (finish: () => void): void => {
      socket.off("data", take).off("error", failed).off("close", closed);
      finish();
    };
    socket.on("data", take).once("error", failed).once("close", closed);
  });
  return reply.startsWith("-") ? reply.slice(1).trimEnd() : undefined;
}

/** A socket to the server of the settings, which has been shown the password, what it is called, and what the server said against that. */
export async function attach(settings: Settings): Promise<Way & { complaint: string | undefined }> {
  const found = await way(settings);
  try {
    return { ...found, complaint: await authenticate(found.socket, settings) };
  } catch (error) {
    found.socket.destroy();
    throw error;
  }
}

/** A socket to what the settings name: also to an engine of this process, which is served for nobody else. */
export async function wire(settings: Settings, { open, serve }: Package): Promise<{ socket: Socket; close: () => Promise<void> }> {
  if (isRemote(settings)) {
    const { socket, complaint } = await attach(settings);
    if (complaint !== undefined) process.stderr.write(`Warning: ${complaint}\n`);
    return { socket, close: async () => void socket.destroy() };
  }
  const db: Wakey = await open(settings.open as OpenOptions);
  // A folder of one's own, so that no other user of the machine can connect; Windows has no such sockets.
  const folder = process.platform === "win32" ? undefined : mkdtempSync(join(tmpdir(), "wakey-"));
  const path = folder && join(folder, "socket");
  const server = await serve({ db, port: path === undefined ? 0 : null, ...(path === undefined ? {} : { path }) });
  const { socket } = await reach({ ...settings, tls: undefined }, "127.0.0.1", server.port ?? 0, path);
  return {
    socket,
    close: async () => {
      socket.destroy();
      await server.close();
      await db.close();
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Asks for a password on the terminal, which shows none of it. */
export function askPassword(): Promise<string> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY) throw new UsageError("--askpass needs a terminal");
  stderr.write("Please input password: ");
  stdin.setRawMode(true);
  return new Promise((done, failed) => {
    let text = "";
    const end = (finish: () => void): void => {
      stdin.off("data", take);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write("\n");
      finish();
    };
    const take = (chunk: Buffer): void => {
      for (const char of chunk.toString()) {
        if (char === "\r" || char === "\n") return void end(() => done(text));
        if (char === "\x03" || char === "\x04") return void end(() => failed(new UsageError("no password was given")));
        if (char === "\x7f" || char === "\b") {
          if (text !== "") stderr.write("\b \b");
          text = [...text].slice(0, -1).join("");
        } else {
          text += char;
          stderr.write("*");
        }
      }
    };
    stdin.on("data", take);
  });
}
