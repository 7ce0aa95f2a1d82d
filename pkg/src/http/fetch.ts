/**
 * Upstash's REST interface, from a Request to a Response of the Fetch standard. Nothing here depends on a runtime: Node,
 * Deno, Bun, Workers and service workers run it as it is, on whatever `Backend` gives.
 *
 *   POST /                    ["SET", "k", "v"]: a command as JSON
 *   /set/k/v?EX=100           a command as a path; then a POST body, as one more argument; then the query parameters
 *   POST /pipeline            [[...], [...]]: commands in order, each with its result or its error
 *   POST /multi-exec          the same as a transaction
 *   /subscribe/ch, /psubscribe/p, /monitor   server-sent events
 *
 * Every request has a session of its own, which is closed when it is answered; a pipeline is one session. A request is
 * answered in RESP2's shapes: maps and doubles are arrays and strings, as Upstash gives them. Integers beyond 2^53 are
 * written in full. A session for a stream ends with the stream, and when its reader leaves too much unread.
 *
 * A path goes through the URL's own rules before it comes here: segments `.` and `..` are gone. Send such keys as JSON.
 */

import type { Client } from "../client/client.js";
import type { Entries } from "../client/command-types.js";
import type { Command, Flat } from "../resp/command.js";
import { ReplyError } from "../resp/errors.js";
import { isError } from "../resp/frames.js";
import { encode } from "../resp/utf8.js";
import { joined } from "../resp/write.js";
import { failure, jsonOf, rawOf } from "./answers.js";
import { type Access, type Backend, local } from "./backend.js";
import { serverSent } from "./events.js";
import { Origins } from "./origins.js";
import { commandOf, commandsOf, isStream, Refusal, Requests } from "./requests.js";

export interface RestOptions {
  /** The token that may do everything. Without any token every request is refused. */
  token?: string | undefined;
  /** The token that may only read: commands that write, administer or are flagged dangerous are refused, and so are SCAN and PUBLISH. */
  readonlyToken?: string | undefined;
  /** Users' tokens, and the user of each: `{ [process.env.ANN]: "ann" }`. What they may do, `open({ users })` or ACL SETUSER says. */
  userTokens?: Readonly<Record<string, string>> | undefined;
  /**
   * True: no token is required, and everybody who can reach the handler may do everything. Not together with a token. Pages of
   * other sites are refused, unless `cors` names them.
   */
  unprotected?: boolean;
  /** Names under which an `unprotected` handler may be reached, besides IP addresses and localhost: others are refused. */
  hosts?: string | readonly string[];
  /** The origins whose pages may send requests: `"*"` for all, an origin, or several. Default: none. */
  cors?: string | readonly string[];
  /** The path under which the handler is mounted, such as `/api/redis`. Other paths get 404. */
  base?: string;
  /** The longest body that is read, in bytes. Default: 10 MiB. */
  maxBody?: number;
  /**
   * Bytes of replies per request, measured as RESP2. A command whose reply exceeds it has run, and is answered with an error; what
   * follows it in a pipeline does not run. Default: 64 MiB.
   */
  maxReply?: number;
  /** How many seconds a command may wait, whatever it asks for; then it answers null. Default: no limit. */
  maxWait?: number;
}

/** Answers requests. */
export type Handler = (request: Request) => Promise<Response>;

const KNOWN = ["token", "readonlyToken", "userTokens", "unprotected", "hosts", "cors", "base", "maxBody", "maxReply", "maxWait"];
const METHODS = "HEAD, GET, POST, PUT";
const MAX_BODY = 10 << 20;
const MAX_REPLY = 64 << 20;

/** What says that an answer goes on, and after how many beats nobody reads who has not read it. */
const SPACE = Uint8Array.of(32);
const UNREAD = 2;

/** @internal */
export type Tokens = Pick<RestOptions, "token" | "readonlyToken" | "userTokens" | "unprotected">;

interface Checked {
  token: string | undefined;
  readonlyToken: string | undefined;
  userTokens: Readonly<Record<string, string>>;
  unprotected: boolean;
  origins: Origins;
  base: string;
  maxBody: number;
  maxReply: number;
}

function check(options: RestOptions): Checked {
  const refuse = (text: string): never => {
    throw new TypeError(`fetchHandler(): ${text}`);
  };
  if (typeof options !== "object" || options === null) refuse("the options must be an object");
  for (const key of Object.keys(options)) if (!KNOWN.includes(key)) refuse(`unknown option '${key}'; there are ${KNOWN.join(", ")}`);
  const { token, readonlyToken, userTokens = {}, unprotected = false, hosts = [], cors = [], base = "" } = options;
  const { maxBody = MAX_BODY, maxReply = MAX_REPLY, maxWait } = options;
  for (const [name, value] of [
    ["token", token],
    ["readonlyToken", readonlyToken],
  ]) {
    if (value !== undefined && typeof value !== "string") refuse(`${name} must be a string`);
  }
  if (typeof unprotected !== "boolean") refuse("unprotected must be a boolean");
  if (
    typeof userTokens !== "object" ||
    userTokens === null ||
    Object.entries(userTokens).some(([one, name]) => one === "" || typeof name !== "string" || name === "")
  )
    refuse("userTokens must be an object of tokens and names");
  if (Object.keys(userTokens).some((one) => one === token || one === readonlyToken))
    refuse("token, readonlyToken and userTokens must differ");
  if (unprotected && (token || readonlyToken || Object.keys(userTokens).length > 0)) refuse("with a token it cannot be unprotected");
  if (token && token === readonlyToken) refuse("token and readonlyToken must differ");
  const list = (given: unknown, text: string): string[] => {
    const all: unknown = typeof given === "string" ? [given] : given;
    if (!Array.isArray(all) || all.some((one) => typeof one !== "string")) refuse(text);
    return all as string[];
  };
  const origins = new Origins(list(cors, "cors must be an origin, several, or '*'"), list(hosts, "hosts must be a name or several"));
  if (typeof base !== "string" || (base !== "" && !base.startsWith("/"))) refuse("base must be a path that begins with a slash");
  for (const [name, value] of Object.entries({ maxBody, maxReply })) {
    if (!Number.isSafeInteger(value) || value < 0) refuse(`${name} must be a number of bytes`);
  }
  if (maxWait !== undefined && (typeof maxWait !== "number" || !(maxWait > 0))) refuse("maxWait must be a number of seconds");
  // An empty token, as an unset variable may give it, is none.
  return {
    token: token || undefined,
    readonlyToken: readonlyToken || undefined,
    userTokens,
    unprotected,
    origins,
    base: base.replace(/\/$/, ""),
    maxBody,
    maxReply,
  };
}

/** Whether two tokens are the same, in a time that tells nothing of the right one. */
function same(given: Uint8Array, right: string): boolean {
  const wanted = encode(right);
  let difference = given.length ^ wanted.length;
  for (let i = 0; i < given.length; i++) difference |= (given[i] as number) ^ (wanted[i % wanted.length] as number);
  return difference === 0;
}

/** A segment of a path: text, or bytes where it is no UTF-8. A path itself is ASCII. */
function segment(text: string): Flat {
  try {
    return decodeURIComponent(text);
  } catch {
    const out: number[] = [];
    for (let i = 0; i < text.length; i++) {
      const code = /^%[0-9a-f]{2}/i.test(text.slice(i, i + 3)) ? Number.parseInt(text.slice(i + 1, i + 3), 16) : undefined;
      out.push(code ?? text.charCodeAt(i));
      if (code !== undefined) i += 2;
    }
    return Uint8Array.from(out);
  }
}

/** Reads a body of up to `limit` bytes. */
async function read(request: Request, limit: number): Promise<Uint8Array> {
  const refuse = (length: number): Refusal =>
    new Refusal(413, `ERR max request size exceeded. Limit: ${limit} bytes, Actual: ${length} bytes`);
  const announced = Number(request.headers.get("content-length") ?? 0);
  if (announced > limit) throw refuse(announced);
  if (request.body === null) return new Uint8Array(0);
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      reader.cancel().catch(() => {});
      throw refuse(length);
    }
    chunks.push(value);
  }
  if (chunks.length === 1) return chunks[0] as Uint8Array;
  return joined(chunks);
}

/** Whether a number of JSON may have lost digits. */
function isInexact(value: unknown): boolean {
  return Array.isArray(value) ? value.some(isInexact) : typeof value === "number" && !Number.isSafeInteger(value);
}

/** Valid JSON with its numbers as strings, digit for digit. */
function quoted(text: string): string {
  let out = "";
  for (let i = 0; i < text.length; ) {
    const from = i;
    const char = text[i] as string;
    if (char === '"') {
      for (i++; text[i] !== '"'; i++) if (text[i] === "\\") i++;
      out += text.slice(from, ++i);
    } else if (char === "-" || (char >= "0" && char <= "9")) {
      while (i < text.length && /[-+.0-9eE]/.test(text[i] as string)) i++;
      out += `"${text.slice(from, i)}"`;
    } else {
      out += char;
      i++;
    }
  }
  return out;
}

/** The JSON of a body. Numbers stay as they were written where a double could not hold them. */
function parse(body: Uint8Array, what: string): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    const value: unknown = JSON.parse(text);
    return isInexact(value) ? JSON.parse(quoted(text)) : value;
  } catch (error) {
    throw new Refusal(400, `ERR failed to parse ${what}: ${(error as Error).message}`);
  }
}

function respond(status: number, body: BodyInit, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { "content-type": "application/json", "cache-control": "no-store", ...headers } });
}

/** What a request may do, by its token: `Authorization: Bearer`, or else `?_token=`. Undefined: nothing. @internal */
export function accessOf(request: Request, url: URL, { token, readonlyToken, userTokens = {}, unprotected }: Tokens): Access | undefined {
  if (unprotected) return "all";
  const header = request.headers.get("authorization");
  const given = header === null ? url.searchParams.get("_token") : /^bearer +(\S+)$/i.exec(header)?.[1];
  const bytes = encode(given ?? "");
  const isFull = token !== undefined && token !== "" && same(bytes, token);
  const isReading = readonlyToken !== undefined && readonlyToken !== "" && same(bytes, readonlyToken);
  // All of them are looked at: how long it takes does not tell which one it was.
  const users = Object.entries(userTokens).filter(([one]) => same(bytes, one));
  return isFull ? "all" : isReading ? "reading" : users[0] && `user:${users[0][1]}`;
}

/** What a promise gives within so many milliseconds; undefined where it takes longer. */
async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<undefined>((done) => {
    timer = setTimeout(() => done(undefined), ms);
  });
  try {
    return await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

class Rest {
  private readonly requests: Requests;

  constructor(
    backend: Backend,
    private readonly options: Checked,
    private readonly beat: number | undefined,
  ) {
    this.requests = new Requests(backend);
  }

  async answer(request: Request): Promise<Response> {
    let response: Response;
    try {
      response = await this.dispatch(request);
    } catch (error) {
      if (request.signal?.aborted) response = new Response(null, { status: 499 });
      else response = respond(error instanceof Refusal ? error.status : 500, failure((error as Error).message));
    }
    const token = request.headers.get("upstash-sync-token");
    if (token !== null) response.headers.set("upstash-sync-token", token);
    this.options.origins.allow(request, response.headers);
    return request.method === "HEAD" ? new Response(null, response) : response;
  }

  private async dispatch(request: Request): Promise<Response> {
    const { method } = request;
    const { base, origins, maxReply } = this.options;
    if (method === "OPTIONS" && origins.any) return origins.preflight(request, METHODS);
    if (!METHODS.split(", ").includes(method)) {
      return respond(405, failure(`ERR unsupported HTTP method; there are ${METHODS}`), { allow: METHODS });
    }
    const url = new URL(request.url);
    if (this.options.unprotected) origins.check(request, url);
    const access = accessOf(request, url, this.options);
    if (access === undefined) return respond(401, failure("Unauthorized"), { "www-authenticate": "Bearer" });
    if (base !== "" && url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return respond(404, failure("ERR not found"));
    const path = url.pathname.slice(base.length);
    const body = method === "POST" || method === "PUT" ? await read(request, this.options.maxBody) : new Uint8Array(0);
    const { base64, resp2 } = formats(request.headers);
    const answer = (status: number, replies: Uint8Array[], isList: boolean): Response =>
      resp2 ? raw(status, rawOf(replies)) : respond(status, jsonOf(replies, isList, base64));

    if (path === "/multi-exec" || path === "/pipeline") {
      const isTransaction = path === "/multi-exec";
      const commands = commandsOf(parse(body, isTransaction ? "transaction request" : "pipeline request"));
      return this.whenReady(request, resp2, async (signal) => {
        const terms = { access, signal, maxReply };
        if (!isTransaction) return answer(200, await this.requests.pipeline(commands, terms), true);
        const replies = await this.requests.transaction(commands, terms);
        if (replies instanceof ReplyError) return respond(400, failure(replies.message));
        return respond(200, jsonOf(replies, true, base64));
      });
    }
    const command = path === "" || path === "/" ? commandOf(parse(body, "command")) : fromPath(path, body, url.searchParams);
    if (isStream(command))
      return method === "HEAD" ? events(null) : events(await serverSent(this.requests, command, access, request.signal));
    return this.whenReady(request, resp2, async (signal) => {
      const reply = await this.requests.one(command, { access, signal, maxReply });
      return answer(isError(reply) ? 400 : 200, [reply], false);
    });
  }

  /**
   * Answers when the work is done. With `beat`, a body of JSON that takes longer begins before it, with white space: where the client has
   * left, that is not read, and the work is called off.
   */
  private async whenReady(request: Request, isRaw: boolean, work: (signal: AbortSignal) => Promise<Response>): Promise<Response> {
    const { beat } = this;
    const { signal } = request;
    if (beat === undefined || isRaw || request.method === "HEAD") return work(signal);
    const left = new AbortController();
    const leave = (): void => left.abort(signal?.reason);
    signal?.addEventListener("abort", leave);
    if (signal?.aborted) leave();
    const done = work(left.signal);
    const response = await within(done, beat);
    if (response !== undefined) return response;
    const late = done.catch((error: Error) => respond(500, failure(error.message)));
    let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
    let unread = setTimeout(leave, beat * UNREAD);
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          clearTimeout(unread);
          reader ??= (await within(late, beat))?.body?.getReader();
          const { done, value } = (await reader?.read()) ?? { done: false, value: SPACE };
          if (done) return controller.close();
          if (reader === undefined) unread = setTimeout(leave, beat * UNREAD);
          controller.enqueue(value);
        },
        cancel() {
          clearTimeout(unread);
          leave();
        },
      },
      { highWaterMark: 0 },
    );
    return respond(200, body);
  }
}

/** How the answer is to look. Throws for what there is not. */
function formats(headers: Headers): { base64: boolean; resp2: boolean } {
  const encoding = headers.get("upstash-encoding");
  const format = headers.get("upstash-response-format") ?? "json";
  const base64 = encoding?.toLowerCase() === "base64";
  const resp2 = format === "resp2";
  if (!resp2 && format !== "json") throw new Refusal(400, "ERR unknown response format; there are json and resp2");
  if (resp2 && base64) throw new Refusal(400, "ERR base64 encoding is not for the response format resp2");
  return { base64, resp2 };
}

/** A command as a path: its segments, the body if there is one, the names and values of the query. */
function fromPath(path: string, body: Uint8Array, query: URLSearchParams): Command {
  const command: Flat[] = path.slice(1).split("/").map(segment);
  // A stream has no body: @upstash/redis sends an empty JSON array with it.
  if (body.length > 0 && !isStream(command)) command.push(body);
  for (const [name, value] of query) {
    if (name === "_token") continue;
    command.push(name);
    if (value !== "") command.push(value);
  }
  return command;
}

function raw(status: number, body: BodyInit): Response {
  return new Response(body, { status, headers: { "content-type": "application/octet-stream", "cache-control": "no-store" } });
}

function events(body: ReadableStream<Uint8Array> | null): Response {
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}

/**
 * Makes a handler on any backend. Throws TypeError for options that are not right.
 * @param beat After so many milliseconds the body of an answer begins, and says again and again that it is not complete: for platforms
 * where only who writes learns that nobody reads.
 */
export function rest(backend: Backend, options: RestOptions = {}, beat?: number): Handler {
  const one = new Rest(backend, check(options), beat);
  return (request) => one.answer(request);
}

/**
 * Answers Upstash's REST interface for a database: `fetchHandler(db, { token })` is a function from Request to Response, as
 * runtimes that follow the Fetch standard expect it. Without a token, every request gets 401.
 */
export function fetchHandler(db: Client<string, Entries>, options: RestOptions = {}): Handler {
  return rest(local(db, options?.maxWait), options);
}
