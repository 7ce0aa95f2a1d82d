/**
 * The answers of what has changed something, under the client and its number for the question: whoever asks again, since the
 * leader that did it has died before it could answer, or twice, is answered from here. A client says with each question which
 * answers it has; one that is gone needs none.
 */
export class Receipts {
  private readonly clients = new Map<string, Map<number, readonly Uint8Array[]>>();

  /** @param drop Is told each answer that is forgotten. */
  constructor(
    kept: ReadonlyMap<string, readonly Uint8Array[]>,
    private readonly drop: (request: string) => void,
  ) {
    for (const [request, replies] of kept) {
      const at = request.lastIndexOf(":");
      this.keep(request.slice(0, at), Number(request.slice(at + 1)), replies);
    }
  }

  /** Those who have answers here. */
  names(): string[] {
    return [...this.clients.keys()];
  }

  keep(from: string, id: number, replies: readonly Uint8Array[]): void {
    const answers = this.clients.get(from);
    if (answers === undefined) this.clients.set(from, new Map([[id, replies]]));
    else answers.set(id, replies);
  }

  find(from: string, id: number): readonly Uint8Array[] | undefined {
    return this.clients.get(from)?.get(id);
  }

  /** Forgets what a client was answered before number `done`. */
  forget(from: string, done: number): void {
    const answers = this.clients.get(from);
    if (answers === undefined) return;
    for (const id of answers.keys()) {
      if (id >= done) continue;
      answers.delete(id);
      this.drop(request(from, id));
    }
    if (answers.size === 0) this.clients.delete(from);
  }
}

/** What a question is called in the store. */
export function request(from: string, id: number): string {
  return `${from}:${id}`;
}
