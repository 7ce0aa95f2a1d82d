/**
 * What is loaded when it is wanted: what only a database with a store needs, a third of the code, and the words of COMMAND DOCS and HELP. A
 * service worker may load nothing once it runs; there `wakey/stores` is imported, and `wakey/words`, which have them at hand. In Node, and in
 * bundles for it, which may have to be one file, all is loaded at once (`parts.whole.ts`).
 */
import type { Words } from "../core/instance.js";
import type * as Driver from "../persistence/driver.js";
import type * as Browser from "./browser-stores.js";

/** @internal */
export interface Parts {
  driver(): Promise<typeof Driver>;
  /** Where there are stores of browsers. */
  browser?: () => Promise<typeof Browser>;
  /** Begins to load them when it is asked first. */
  words: Words;
}

/** The words, once they are there. */
let words = "";
let loading = false;

function wordsSoon(): string {
  if (!loading && words === "") {
    loading = true;
    import("../core/docs.gen.js")
      .then(({ DOCS }) => {
        words = DOCS;
      })
      // Whoever asks again tries again.
      .catch(() => {
        loading = false;
      });
  }
  return words;
}

/** @internal */
export const parts: Parts = { driver: () => later(import("../persistence/driver.js")), words: wordsSoon };

/** A part that is being loaded; or why it cannot be. @internal */
export async function later<T>(part: Promise<T>): Promise<T> {
  try {
    return await part;
  } catch (cause) {
    if (!("ServiceWorkerGlobalScope" in globalThis)) throw cause;
    throw new Error("open(): a running service worker cannot load anything; import 'wakey/stores' along with 'wakey'", { cause });
  }
}
