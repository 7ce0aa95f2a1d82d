/**
 * Which pages may ask. A browser sends requests for whatever page it shows, to this machine, too; what the page may read of the
 * answer is decided by CORS, but by then the request has run.
 *
 * So where no token is asked for, requests of other sites' pages are refused: by `Sec-Fetch-Site`, or by `Origin` where that is missing.
 * A page can also have its own name point to this address ("DNS rebinding"), and then is of the same origin: so the host
 * that is asked for must be an IP address, localhost, or a name that is known.
 */
import { Refusal } from "./requests.js";

/** The hostname of `host`, which may have a port, as browsers write it; undefined where it is none. */
function nameOf(host: string): string | undefined {
  if (/[@/?#\\]/.test(host)) return undefined;
  try {
    return new URL(`http://${host}`).hostname;
  } catch {
    return undefined;
  }
}

function isOwn(name: string): boolean {
  return name === "localhost" || name.endsWith(".localhost") || /^(\d+\.){3}\d+$/.test(name) || name.startsWith("[");
}

export class Origins {
  private readonly hosts: readonly (string | undefined)[];

  /**
   * @param origins Those whose pages may ask; `*` for all.
   * @param hosts Names under which a handler without a token is reached.
   */
  constructor(
    private readonly origins: readonly string[],
    hosts: readonly string[],
  ) {
    this.hosts = hosts.map(nameOf);
  }

  /** Whether there are other pages than one's own that may ask. */
  get any(): boolean {
    return this.origins.length > 0;
  }

  /** The origin, or `*`, that an answer is for; undefined where it is for none but the same origin's. */
  of(request: Request): string | undefined {
    if (this.origins.includes("*")) return "*";
    const origin = request.headers.get("origin");
    return origin !== null && this.origins.includes(origin) ? origin : undefined;
  }

  /** Throws where a request comes, or may come, from the page of a site that may not ask. For handlers without a token. */
  check(request: Request, url: URL): void {
    const { headers } = request;
    const host = headers.get("host") ?? url.host;
    const name = nameOf(host);
    if (name === undefined || !(isOwn(name) || this.hosts.includes(name))) {
      throw new Refusal(403, `ERR without a token only IP addresses, localhost and the names of option hosts are answered, not '${host}'`);
    }
    if (this.of(request) !== undefined) return;
    const site = headers.get("sec-fetch-site");
    const origin = headers.get("origin");
    // A service worker sees no such headers, and that a link was followed; not from where.
    const isForeign =
      site === null
        ? (origin !== null && origin.replace(/^[a-z]+:\/\//, "") !== host.toLowerCase()) || request.mode === "navigate"
        : site !== "same-origin" && site !== "none";
    if (isForeign) throw new Refusal(403, "ERR requests of other sites' pages are refused; option cors names those that may ask");
  }

  /** Lets the page that has asked read the answer. */
  allow(request: Request, headers: Headers): void {
    if (!this.any) return;
    const origin = this.of(request);
    if (origin !== "*") headers.append("vary", "origin");
    if (origin === undefined) return;
    headers.set("access-control-allow-origin", origin);
    headers.set("access-control-expose-headers", "upstash-sync-token");
  }

  /** Answers what a browser asks before it sends the request itself. */
  preflight(request: Request, methods: string): Response {
    // Without these headers a browser does not go on.
    if (this.of(request) === undefined) return new Response(null, { status: 204 });
    return new Response(null, {
      status: 204,
      headers: {
        "access-control-allow-methods": methods,
        "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "authorization, content-type",
        "access-control-max-age": "86400",
      },
    });
  }
}
