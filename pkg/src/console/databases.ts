/**
 * The keyspaces of a page's consoles: one for each name, so that consoles with the same name share it. The module is loaded
 * with the first of them: the inline one, or the file that `wasm-src` names, once each.
 */
import type { Wakey } from "../client/client.js";
import { compile, opener } from "../open/open.js";
import type { OpenOptions } from "../open/options.js";

type Open = (options?: OpenOptions) => Promise<Wakey>;

/**
 * Opens a database on the package's own module, and has at hand what its commands are said to do. The entry puts both here: it knows where
 * they come from.
 */
export const standard: { open: Open; words: () => Promise<void> } = {
  open: () => Promise.reject(new Error("wakey/console: its module is not here")),
  words: async () => {},
};

const modules = new Map<string, Open>();
const shared = new Map<string, Promise<Wakey>>();

/** A database of its own. */
export async function openDatabase(source?: string, options?: OpenOptions): Promise<Wakey> {
  if (source === undefined || source === "") return standard.open(options);
  const url = new URL(source, document.baseURI).href;
  let open = modules.get(url);
  if (open === undefined) {
    open = opener(() => compile(fetch(url)));
    modules.set(url, open);
  }
  return open(options);
}

/** The database that consoles with `db="name"` share; opened with the first call, as that says. */
export function database(name: string, source?: string, options?: OpenOptions): Promise<Wakey> {
  let found = shared.get(name);
  if (found === undefined) {
    found = openDatabase(source, options);
    shared.set(name, found);
    // The next one tries again.
    found.catch(() => shared.delete(name));
  }
  return found;
}
