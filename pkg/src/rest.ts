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
import { type Backend, type Command, local } from "./backend.js";
import type { Client } from "./client.js";
import { decodeAny, type Flat, joined, type Reply } from "./codec.js";
import { ReplyError } from "./errors.js";
import { commandOf, commandsOf, errorText, isError, isStream, lines, Refusal, Requests } from "./requests.js";
import { latin1 } from "./resp.js";
import { encode } from "./utf8.js";

export interface RestOptions {
  /** The token that may do everything. Without any token every request is refused. */
  token?: string | undefined;
  /** The token that may read: what writes, administers or is dangerous by its flags is refused, and SCAN and PUBLISH. */
  readonlyToken?: string | undefined;
  /** True: no token is asked for, and everybody who can reach the handler may do everything. Not together with a token. */
  unprotected?: boolean;
  /** Which origins' pages may ask: `"*"` for all, an origin, or several. Default: none. */
  cors?: string | readonly string[];
  /** The path under which the handler is mounted, as `/api/redis`. Other paths are answered with 404. */
  base?: string;
  /** The longest body that is read, in bytes. Default: 10 MiB. */
  maxBody?: number;
  /** For how many seconds a command may wait, whatever it asks for; then it answers null. Default: for good. */
  maxWait?: number;
}

/** Answers requests. */
export type Handler = (request: Request) => Promise<Response>;

const KNOWN = ["token", "readonlyToken", "unprotected", "cors", "base", "maxBody", "maxWait"];
const METHODS = "HEAD, GET, POST, PUT";
const MAX_BODY = 10 << 20;
/** Bytes of events that may wait for their reader. */
const MAX_UNREAD = 8 << 20;

interface Checked {
  token: string | undefined;
  readonlyToken: string | undefined;
  unprotected: boolean;
  origins: readonly string[];
  base: string;
  maxBody: number;
}

function check(options: RestOptions): Checked {
  const refuse = (text: string): never => {
    throw new TypeError(`fetchHandler(): ${text}`);
  };
  if (typeof options !== "object" || options === null) refuse("the options must be an object");
  for (const key of Object.keys(options)) if (!KNOWN.includes(key)) refuse(`unknown option '${key}'; there are ${KNOWN.join(", ")}`);
  const { token, readonlyToken, unprotected = false, cors = [], base = "", maxBody = MAX_BODY, maxWait } = options;
  for (const [name, value] of [
    ["token", token],
    ["readonlyToken", readonlyToken],
  ]) {
    if (value !== undefined && typeof value !== "string") refuse(`${name} must be a string`);
  }
  if (typeof unprotected !== "boolean") refuse("unprotected must be a boolean");
  if (unprotected && (token || readonlyToken)) refuse("with a token it cannot be unprotected");
  if (token && token === readonlyToken) refuse("token and readonlyToken must differ");
  const origins = typeof cors === "string" ? [cors] : cors;
  if (!Array.isArray(origins) || origins.some((one) => typeof one !== "string")) refuse("cors must be an origin, several, or '*'");
  if (typeof base !== "string" || (base !== "" && !base.startsWith("/"))) refuse("base must be a path that begins with a slash");
  if (!Number.isSafeInteger(maxBody) || maxBody < 0) refuse("maxBody must be a number of bytes");
  if (maxWait !== undefined && (typeof maxWait !== "number" || !(maxWait > 0))) refuse("maxWait must be a number of seconds");
  // An empty token, as an unset variable may give it, is none.
  return {
    token: token || undefined,
    readonlyToken: readonlyToken || undefined,
    unprotected,
    origins,
    base: base.replace(/\/$/, ""),
    maxBody,
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

/** A reply as JSON; with `base64`, bulk strings are given as bytes. */
function json(value: Reply<Uint8Array>, base64: boolean): string {
  if (value === null) return "null";
  if (typeof value === "string") return JSON.stringify(base64 ? btoa(latin1(encode(value))) : value);
  if (value instanceof Uint8Array) return `"${btoa(latin1(value))}"`;
  if (Array.isArray(value)) return `[${value.map((one) => json(one, base64)).join(",")}]`;
  return value instanceof ReplyError ? json(value.message, base64) : String(value);
}

/** `{"result": ...}` or `{"error": ...}`. */
function entry(reply: Uint8Array, base64: boolean): string {
  if (reply.length === 0) return '{"result":null}';
  if (isError(reply)) return failure(errorText(reply));
  const value = decodeAny(reply, 0, base64);
  // The status alone is never encoded.
  return value === "OK" ? '{"result":"OK"}' : `{"result":${json(value, base64)}}`;
}

function failure(message: string): string {
  return JSON.stringify({ error: message });
}

function respond(status: number, body: string, headers: Record<string, string> = {}): Response {
  return new Response(body, { status, headers: { "content-type": "application/json", "cache-control": "no-store", ...headers } });
}

/** What a request may do, from its token. @internal */
export type Access = "all" | "reading" | undefined;

/** Looks at the token of a request: `Authorization: Bearer`, or else `?_token=`. @internal */
export function accessOf(request: Request, url: URL, { token, readonlyToken, unprotected }: RestOptions): Access {
  if (unprotected) return "all";
  const header = request.headers.get("authorization");
  const given = header === null ? url.searchParams.get("_token") : /^bearer +(\S+)$/i.exec(header)?.[1];
  const bytes = encode(given ?? "");
  const isFull = token !== undefined && token !== "" && same(bytes, token);
  const isReading = readonlyToken !== undefined && readonlyToken !== "" && same(bytes, readonlyToken);
  return isFull ? "all" : isReading ? "reading" : undefined;
}

class Rest {
  private readonly requests: Requests;

  constructor(
    backend: Backend,
    private readonly options: Checked,
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
    this.allowOrigin(request, response.headers);
    return request.method === "HEAD" ? new Response(null, response) : response;
  }

  private async dispatch(request: Request): Promise<Response> {
    const { method } = request;
    if (method === "OPTIONS" && this.options.origins.length > 0) return this.preflight(request);
    if (!METHODS.split(", ").includes(method)) {
      return respond(405, failure(`ERR unsupported HTTP method; there are ${METHODS}`), { allow: METHODS });
    }
    const url = new URL(request.url);
    const access = accessOf(request, url, this.options);
    if (access === undefined) return respond(401, failure("Unauthorized"), { "www-authenticate": "Bearer" });
    const { base } = this.options;
    if (base !== "" && url.pathname !== base && !url.pathname.startsWith(`${base}/`)) return respond(404, failure("ERR not found"));
    const path = url.pathname.slice(base.length);
    const body = method === "POST" || method === "PUT" ? await read(request, this.options.maxBody) : new Uint8Array(0);
    const readonly = access === "reading";
    const { base64, resp2 } = formats(request.headers);
    const { signal } = request;

    if (path === "/multi-exec") {
      const replies = await this.requests.transaction(commandsOf(parse(body, "transaction request")), readonly, signal);
      if (replies instanceof ReplyError) return respond(400, failure(replies.message));
      return respond(200, `[${replies.map((reply) => entry(reply, base64)).join(",")}]`);
    }
    if (path === "/pipeline") {
      const replies = await this.requests.pipeline(commandsOf(parse(body, "pipeline request")), readonly, signal);
      return resp2 ? raw(200, joined(replies)) : respond(200, `[${replies.map((reply) => entry(reply, base64)).join(",")}]`);
    }
    const command = path === "" || path === "/" ? commandOf(parse(body, "command")) : fromPath(path, body, url.searchParams);
    if (isStream(command)) return method === "HEAD" ? events(null) : this.stream(command, readonly, signal);
    const reply = await this.requests.one(command, readonly, signal);
    const status = isError(reply) ? 400 : 200;
    return resp2 ? raw(status, joined([reply])) : respond(status, entry(reply, base64));
  }

  private async stream(command: Command, readonly: boolean, signal: AbortSignal): Promise<Response> {
    let close = (): void => {};
    let open = true;
    let controller!: ReadableStreamDefaultController<Uint8Array>;
    const stop = (): boolean => {
      const was = open;
      open = false;
      signal?.removeEventListener("abort", end);
      close();
      return was;
    };
    const end = (): void => {
      if (stop()) controller.close();
    };
    const body = new ReadableStream<Uint8Array>(
      {
        start: (given) => {
          controller = given;
        },
        cancel: () => void stop(),
      },
      { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
    );
    const heard = (frames: Uint8Array): void => {
      if (!open) return;
      for (const line of lines(frames)) {
        const data = line.split(/\r\n|\r|\n/).map((part) => `data: ${part}\n`);
        controller.enqueue(encode(`${data.join("")}\n`));
      }
      if ((controller.desiredSize ?? 0) < -MAX_UNREAD && stop()) controller.error(new Error("too many events were left unread"));
    };
    signal?.throwIfAborted();
    const opened = await this.requests.stream(command, readonly, heard, end);
    close = opened.close;
    // While it was opened it may have ended.
    if (!open) close();
    else if (signal?.aborted) end();
    else {
      signal?.addEventListener("abort", end);
      heard(opened.reply);
    }
    return events(body);
  }

  private origin(request: Request): string | undefined {
    const { origins } = this.options;
    if (origins.includes("*")) return "*";
    const origin = request.headers.get("origin");
    return origin !== null && origins.includes(origin) ? origin : undefined;
  }

  private allowOrigin(request: Request, headers: Headers): void {
    if (this.options.origins.length === 0) return;
    const origin = this.origin(request);
    if (origin !== "*") headers.append("vary", "origin");
    if (origin === undefined) return;
    headers.set("access-control-allow-origin", origin);
    headers.set("access-control-expose-headers", "upstash-sync-token");
  }

  private preflight(request: Request): Response {
    // Without these headers a browser does not go on.
    if (this.origin(request) === undefined) return new Response(null, { status: 204 });
    return new Response(null, {
      status: 204,
      headers: {
        "access-control-allow-methods": METHODS,
        "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "authorization, content-type",
        "access-control-max-age": "86400",
      },
    });
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

function raw(status: number, body: Uint8Array<ArrayBuffer>): Response {
  return new Response(body, { status, headers: { "content-type": "application/octet-stream", "cache-control": "no-store" } });
}

function events(body: ReadableStream<Uint8Array> | null): Response {
  return new Response(body, { headers: { "content-type": "text/event-stream", "cache-control": "no-store" } });
}

/** Makes a handler on any backend. Throws TypeError for options that are not right. */
export function rest(backend: Backend, options: RestOptions = {}): Handler {
  const one = new Rest(backend, check(options));
  return (request) => one.answer(request);
}

/**
 * Answers Upstash's REST interface for a database: `fetchHandler(db, { token })` is a function from Request to Response, as
 * runtimes with the Fetch standard take it. Without a token every request is answered with 401.
 */
export function fetchHandler(db: Client, options: RestOptions = {}): Handler {
  return rest(local(db, options?.maxWait), options);
}
