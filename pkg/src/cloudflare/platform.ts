/** What is used of Cloudflare's runtime, as types: a Durable Object's context, its storage, its sockets. */

export interface SqlCursor extends Iterable<Record<string, SqlValue>> {
  toArray(): Record<string, SqlValue>[];
}

export type SqlValue = ArrayBuffer | string | number | null;

export interface ObjectStorage {
  readonly sql: { exec(query: string, ...bindings: SqlValue[]): SqlCursor };
  transactionSync<T>(work: () => T): T;
  getAlarm(): Promise<number | null>;
  setAlarm(at: number): Promise<void>;
}

export interface ObjectContext {
  readonly storage: ObjectStorage;
  blockConcurrencyWhile<T>(work: () => Promise<T>): Promise<T>;
  acceptWebSocket(socket: ObjectSocket): void;
  getWebSockets(): ObjectSocket[];
}

/** The object's end of a WebSocket that outlives its memory. */
export interface ObjectSocket {
  send(message: ArrayBuffer | ArrayBufferView | string): void;
  close(code?: number, reason?: string): void;
  /** Up to 2 KB, kept while the object sleeps. */
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

/** A Worker's end of a WebSocket. */
export interface ServerSocket {
  binaryType: string;
  accept(): void;
  send(message: ArrayBuffer | ArrayBufferView | string): void;
  close(code?: number, reason?: string): void;
  addEventListener(kind: "message" | "close" | "error", listener: (event: { data?: unknown }) => void): void;
}

/** A stub of an object: its methods, called from elsewhere, and its `fetch`. */
export interface ObjectStub {
  fetch(request: Request): Promise<Response>;
}

/** The binding of a class of objects. */
export interface ObjectNamespace<Stub extends ObjectStub = ObjectStub> {
  idFromName(name: string): unknown;
  // biome-ignore lint/suspicious/noExplicitAny: the platform's own type of ids.
  get(id: any): Stub;
}

/** A new pair of sockets: the client's end, the other end. */
export function socketPair(): [client: ObjectSocket, server: ObjectSocket & ServerSocket] {
  const { WebSocketPair } = globalThis as unknown as { WebSocketPair: new () => { 0: ObjectSocket; 1: ObjectSocket & ServerSocket } };
  const pair = new WebSocketPair();
  return [pair[0], pair[1]];
}
