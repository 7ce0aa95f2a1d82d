// A vector set of texts: what each means is its vector, what it is about an attribute, which a search may ask for.
import { embedder } from "./embed.js";

const KEY = "texts";

/** Fills the database with `lines` ("kind: text"); `search(text, kind)` then gives what is nearest in meaning, the nearest first. */
export function index(db, model, lines) {
  const embed = embedder(model);
  const kinds = new Set();
  for (const line of lines) {
    const [kind, text] = line.split(": ");
    const vector = embed(text);
    if (vector === undefined) continue;
    kinds.add(kind);
    db.vadd(KEY, "FP32", vector, text, "SETATTR", JSON.stringify({ kind, words: text.split(" ").length }));
  }
  const search = (text, kind = "") => {
    const vector = embed(text);
    if (vector === undefined) return [];
    const filter = kind === "" ? undefined : `.kind == ${JSON.stringify(kind)}`;
    const found = db.vsim(KEY, "FP32", vector, { WITHSCORES: true, WITHATTRIBS: true, COUNT: 8, FILTER: filter });
    return Object.entries(found).map(([text, [score, attributes]]) => ({ text, score, ...JSON.parse(attributes) }));
  };
  return { kinds: [...kinds], search };
}
