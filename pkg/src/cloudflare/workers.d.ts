/** As much of Cloudflare's own module as is used here. Not published: who writes a Worker has the whole of it. */
declare module "cloudflare:workers" {
  /** Not in older runtimes. */
  export const waitUntil: ((work: Promise<unknown>) => void) | undefined;
  export abstract class DurableObject<Env = unknown> {
    constructor(ctx: import("./platform.js").ObjectContext, env: Env);
    protected ctx: import("./platform.js").ObjectContext;
    protected env: Env;
    fetch?(request: Request): Response | Promise<Response>;
    alarm?(): void | Promise<void>;
    webSocketMessage?(socket: WebSocket, message: string | ArrayBuffer): void | Promise<void>;
    webSocketClose?(socket: WebSocket, code: number, reason: string, clean: boolean): void | Promise<void>;
    webSocketError?(socket: WebSocket, error: unknown): void | Promise<void>;
  }
}
