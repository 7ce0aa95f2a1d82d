/**
 * The notation of replies in the command table (`src/table/spec.rs` has its words): read here for the types of TypeScript, and for
 * the test that holds real replies against it.
 *
 *     union = term { "|" term }
 *     term  = word | "(" union ")" | "[" union { [","] union } "]" | ("array" | "set" | "map") ["of" term]
 *           | "{" name ":" union { "," name ":" union } "}"
 *
 * `array of bulk | null` is an array or null; `array of (bulk | null)` has elements that may be null; `{ name: bulk }` is a map of these
 * names, all of them and no others.
 */
const WORDS = ["OK", "simple", "bulk", "text", "int", "double", "bool", "null", "any", "push", "entry", "gone", "claimed"];
const MANY = ["array", "set", "map"];

/**
 * The alternatives: `{ word }`, `{ fixed: [alternatives] }`, `{ named: [[name, alternatives]] }`,
 * or `{ many, of }` with alternatives or undefined. Throws for mistakes.
 */
export function read(notation) {
  const words = notation.match(/[[\](){},|]|[^\s,[\](){}|]+/g) ?? [];
  const wrong = () => new Error(`the reply notation '${notation}' cannot be read`);
  let at = 0;
  const union = () => {
    const out = term();
    while (words[at] === "|") {
      at++;
      out.push(...term());
    }
    return out;
  };
  const term = () => {
    const word = words[at++];
    if (word === "[") {
      const fixed = [];
      while (words[at] !== "]" && at < words.length) {
        fixed.push(union());
        if (words[at] === ",") at++;
      }
      if (words[at++] !== "]") throw wrong();
      return [{ fixed }];
    }
    if (word === "{") {
      const named = [];
      while (words[at] !== "}" && at < words.length) {
        const name = words[at++];
        if (!name.endsWith(":")) throw wrong();
        named.push([name.slice(0, -1), union()]);
        if (words[at] === ",") at++;
      }
      if (words[at++] !== "}") throw wrong();
      return [{ named }];
    }
    if (word === "(") {
      const inner = union();
      if (words[at++] !== ")") throw wrong();
      return inner;
    }
    if (MANY.includes(word)) {
      if (words[at] !== "of") return [{ many: word, of: undefined }];
      at++;
      return [{ many: word, of: term() }];
    }
    if (!WORDS.includes(word)) throw wrong();
    return [{ word }];
  };
  const found = union();
  if (at !== words.length) throw wrong();
  return found;
}

/** Whether a reply in RESP3, as `pkg/src/resp/nodes.ts` reads it, is one of these alternatives. Errors stand for any element. */
export function fits(alternatives, node) {
  return node.type === "error" || alternatives.some((one) => is(one, node));
}

const ENTRY = read("[bulk, array of bulk]");
const GONE = read("[bulk, null]");
const CLAIMED = read("[bulk, array of bulk, int, int]");

function is({ word, fixed, named, many, of }, node) {
  if (fixed !== undefined)
    return node.type === "array" && node.items.length === fixed.length && fixed.every((one, i) => fits(one, node.items[i]));
  if (named !== undefined)
    return (
      node.type === "map" &&
      node.pairs.length === named.length &&
      named.every(([name, one], i) => node.pairs[i][0].text === name && fits(one, node.pairs[i][1]))
    );
  if (many === "map") return node.type === "map" && (of === undefined || node.pairs.every(([, value]) => fits(of, value)));
  if (many !== undefined) return node.type === many && (of === undefined || node.items.every((item) => fits(of, item)));
  switch (word) {
    case "any":
      return true;
    case "entry":
      return fits(ENTRY, node);
    case "gone":
      return fits(GONE, node);
    case "claimed":
      return fits(CLAIMED, node);
    case "OK":
      return node.type === "simple" && node.text === "OK";
    case "bulk":
      return node.type === "string";
    case "text":
      return node.type === "verbatim";
    default:
      return node.type === word;
  }
}

/** Whether a word is among the alternatives, however deep. */
export function mentions(alternatives, word) {
  return alternatives.some(
    (one) =>
      one.word === word ||
      [one.of ?? [], ...(one.fixed ?? []), ...(one.named ?? []).map((pair) => pair[1])].some((inner) => mentions(inner, word)),
  );
}

/** The type of TypeScript, where a bulk string is a `B`. */
export function typeOf(alternatives) {
  return [...new Set(alternatives.map(typeOfOne))].join(" | ");
}

const SIMPLE = {
  OK: '"OK"',
  simple: "string",
  bulk: "B",
  text: "B",
  int: "number",
  double: "number",
  bool: "boolean",
  null: "null",
  any: "Reply<B>",
  push: "Reply<B>[]",
  entry: "Entry<B, E>",
  gone: "GoneEntry<B, E>",
  claimed: "ClaimedEntry<B, E>",
};

function typeOfOne({ word, fixed, named, many, of }) {
  if (named !== undefined) return `Fields<B, { ${named.map(([name, one]) => `${JSON.stringify(name)}: ${typeOf(one)}`).join("; ")} }>`;
  if (fixed !== undefined) return `[${fixed.map(typeOf).join(", ")}]`;
  if (many === undefined) return SIMPLE[word];
  const inner = of === undefined ? "Reply<B>" : typeOf(of);
  if (many === "map") return `MapReply<B, ${inner}>`;
  return /^[\w<>, ]+$/.test(inner) ? `${inner}[]` : `(${inner})[]`;
}
