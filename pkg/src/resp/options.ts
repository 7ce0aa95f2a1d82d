/** Options of a command in an object: `{ EX: 60, NX: true }` beside `"EX", 60, "NX"`. */

/**
 * Options of commands by name, a subcommand's behind a bar: how many arguments stand before them, and their words in order. `EX=` has a
 * value, or several in an array; `GET*` comes with each of its values.
 */
export type OptionTable = { readonly [name: string]: string | undefined };

/** The options of one command. */
class Options {
  constructor(
    /** How many arguments stand before them. */
    readonly before: number,
    readonly words: readonly string[],
  ) {}

  /** How they are written. */
  toString(): string {
    return `{ ${this.words.map((word) => (/[=*]$/.test(word) ? `${word.slice(0, -1)}: value` : `${word}: true`)).join(", ")} }`;
  }
}

/** The options of a command, `first` is its first argument; undefined where it has none. */
export function optionsAt(table: OptionTable, name: string, first: string): Options | undefined {
  const lower = name.toLowerCase();
  const own = table[lower];
  const text = own ?? table[`${lower}|${first}`];
  if (typeof text !== "string") return undefined;
  const [before, ...words] = text.split(" ");
  return new Options(Number(before) + (own === undefined ? 1 : 0), words);
}

/**
 * Whether an object that is argument `position` is options. Where `orPairs`, it may be pairs, too, and is options if it says true or
 * false, as no pair does.
 */
export function isOptions(value: object, options: Options | undefined, position: number, orPairs: boolean): options is Options {
  if (options === undefined || position <= options.before) return false;
  return !orPairs || Object.values(value).some((one) => typeof one === "boolean");
}

/** Lays options out in the order of the command's syntax. Gives what is wrong with them, if something is. */
export function layOptions(value: object, { words }: Options, put: (value: unknown) => void): string | undefined {
  const left = new Map(Object.entries(value).map(([key, one]) => [key.toUpperCase(), one]));
  for (const word of words) {
    const kind = /[=*]$/.exec(word)?.[0];
    const name = kind === undefined ? word : word.slice(0, -1);
    const one: unknown = left.get(name);
    left.delete(name);
    if (one === undefined || one === false) continue;
    if ((one === true) === (kind !== undefined)) return `in which ${name} ${kind === undefined ? "is not true or false" : "has no value"}`;
    if (kind !== "*") put(name);
    for (const item of one === true ? [] : Array.isArray(one) ? one : [one]) {
      if (kind === "*") put(name);
      put(item);
    }
  }
  for (const [name] of left) return `in which '${name}' is no option`;
  return undefined;
}
