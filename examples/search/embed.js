/** What a text means, as a vector: the sum of its words' vectors, of the model that words.mjs makes. The rarer a word, the more it counts. */

/** Words that say nothing of what a text is about. */
const PLAIN = new Set(
  "a an and any are as at be been but by can do does for from had has have he her him his how i if in into is it its made make me more most my no not of off on one or other our out s she so some such than that the their them then there these they this to up us used usually very was we were what when where which who whose with you your".split(
    " ",
  ),
);

/** The words of a text, without endings that only say their number. */
export function tokens(text) {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return words
    .filter((word) => !PLAIN.has(word))
    .map((word) => (word.length > 3 ? word.replace(/ies$/, "y").replace(/([^su])s$/, "$1") : word));
}

/** Reads the model's file: `embed(text)` gives a vector of length one, or undefined where it knows none of the words. */
export function embedder(bytes) {
  const head = new DataView(bytes.buffer, bytes.byteOffset);
  const count = head.getUint32(0, true);
  const dimensions = head.getUint32(4, true);
  const wide = 1 + dimensions;
  const names = new TextDecoder().decode(bytes.subarray(8 + count * wide)).split("\n");
  const places = new Map(names.map((name, i) => [name, 8 + i * wide]));
  /** Where a word is, or, with a usual ending taken off, its stem. */
  const place = (word) => {
    for (const end of ["", "ing", "ed", "es", "ly", "er", "d", "y"]) {
      if (end !== "" && !word.endsWith(end)) continue;
      const stem = word.slice(0, word.length - end.length);
      const at = places.get(stem) ?? (end === "" ? undefined : places.get(`${stem}e`));
      if (at !== undefined && stem.length > 2) return at;
    }
    return undefined;
  };
  return (text) => {
    const sum = new Float32Array(dimensions);
    for (const word of tokens(text)) {
      const at = place(word);
      if (at === undefined) continue;
      const vector = new Int8Array(bytes.buffer, bytes.byteOffset + at + 1, dimensions);
      const weight = bytes[at] / Math.hypot(...vector);
      vector.forEach((one, i) => {
        sum[i] += one * weight;
      });
    }
    const length = Math.hypot(...sum);
    return length === 0 ? undefined : sum.map((one) => one / length);
  };
}
