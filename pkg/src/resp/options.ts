/** Options of a command in an object: `{ EX: 60, NX: true }` beside `"EX", 60, "NX"`. */

/**
 * Options of commands by name, a subcommand's behind a bar: how many arguments stand before them, and their words in order. `EX=` has a
 * value, or several in an array; `GET*` comes with each of its values.
 */
export type OptionTable = { readonly [name: string]: string | undefined };

/** A word of a command's options: with a value (`=`), in front of each of its values (`*`), or alone. */
interface Word {
  readonly name: string;
  readonly kind: "=" | "*" | "";
}

/** The options of one command. */
class Options {
  readonly words: readonly Word[];
  /** Where each word stands among them. */
  readonly places = new Map<string, number>();

  constructor(
    /** How many arguments stand before them. */
    readonly before: number,
    words: readonly string[],
  ) {
    this.words = words.map((word, place) => {
      const kind = (/[=*]$/.exec(word)?.[0] ?? "") as Word["kind"];
      const name = kind === "" ? word : word.slice(0, -1);
      this.places.set(name, place);
      return { name, kind };
    });
  }

  /** How they are written. */
  toString(): string {
    return `{ ${this.words.map(({ name, kind }) => `${name}: ${kind === "" ? "true" : "value"}`).join(", ")} }`;
  }
}

/** What was read of the tables, by their texts: reading one takes twice as long as the call that it is for. */
const commands = new Map<string, Options>();
const subcommands = new Map<string, Options>();

/** The options of a command, `first` gives its first argument; undefined where it has none. */
export function optionsAt(table: OptionTable, name: string, first: () => string): Options | undefined {
  const lower = name.toLowerCase();
  const own = table[lower];
  const text = own ?? table[`${lower}|${first()}`];
  if (typeof text !== "string") return undefined;
  const [known, more] = own === undefined ? [subcommands, 1] : [commands, 0];
  let options = known.get(text);
  if (options === undefined) {
    const [before, ...words] = text.split(" ");
    options = new Options(Number(before) + more, words);
    known.set(text, options);
  }
  return options;
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
export function layOptions(value: object, { words, places }: Options, put: (value: unknown) => void): string | undefined {
  const given: unknown[] = new Array(words.length);
  let other: string | undefined;
  for (const [key, one] of Object.entries(value)) {
    const name = key.toUpperCase();
    const place = places.get(name);
    if (place === undefined) other ??= name;
    else given[place] = one;
  }
  for (let place = 0; place < words.length; place++) {
    const one = given[place];
    if (one === undefined || one === false) continue;
    const { name, kind } = words[place] as Word;
    if ((one === true) === (kind !== "")) return `in which ${name} ${kind === "" ? "is not true or false" : "has no value"}`;
    if (kind !== "*") put(name);
    for (const item of one === true ? [] : Array.isArray(one) ? one : [one]) {
      if (kind === "*") put(name);
      put(item);
    }
  }
  return other === undefined ? undefined : `in which '${other}' is no option`;
}
