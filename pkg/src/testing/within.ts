/** Loads a package as another one sees it: what a client of Redis depends on, and this package does not. */
import { createRequire } from "node:module";

/**
 * The module `name` as the package with the file `from` requires it; undefined where it cannot be found, as in a bundle. The
 * build puts the file's own name in the place of `import.meta.url` in CommonJS.
 */
export function requireWithin<T>(from: string, name: string): T | undefined {
  try {
    return createRequire(createRequire(import.meta.url).resolve(from))(name) as T;
  } catch {
    return undefined;
  }
}

/** The class that a file of CommonJS exports as its default, however its importer has wrapped that. */
export function classOf<T>(file: unknown): T {
  let one = file;
  for (let i = 0; i < 3 && typeof one !== "function"; i++) one = (one as { default: unknown }).default;
  return one as T;
}
