/** Fenced blocks of Markdown as consoles: what stands behind the language are the element's attributes, `redis offer db=shop setup="SET n 1"`. */

const ATTRIBUTES = [
  "offer",
  "db",
  "resp",
  "theme",
  "wasm-src",
  "setup",
  "clock",
  "seed",
  "prompt",
  "readonly",
  "height",
  "tools",
  "playground",
];

/** Options of the plugins: which blocks become consoles, and with what. */
export interface FenceOptions {
  /** The language of blocks that become consoles; default `redis`. */
  language?: string;
  /** Attributes that all of them have, unless a block says otherwise: `{ theme: "dark", tools: "" }`. */
  attributes?: { [name: string]: string };
}

/** The attributes of a block. Throws where the element has no such one: a word that is written wrong would do nothing. */
export function attributesOf(meta: string, { attributes = {} }: FenceOptions): [string, string][] {
  const all = new Map(Object.entries(attributes));
  for (const [, name = "", quoted, plain] of meta.matchAll(/([^\s="]+)(?:=(?:"([^"]*)"|(\S*)))?/g)) all.set(name, quoted ?? plain ?? "");
  for (const name of all.keys())
    if (!ATTRIBUTES.includes(name)) throw new Error(`a console has no attribute '${name}'; it has ${ATTRIBUTES.join(", ")}`);
  return [...all];
}
