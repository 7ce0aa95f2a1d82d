/**
 * What the engine and its host share in wasm memory, by names: `pkg/src/core/mailbox.gen.ts`, from the sources of the binding. The
 * words are the fields of `struct Mailbox`, flags are its constants, what the engine asks for are the variants of `enum HostRequest`.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./common.mjs";

const FLAGS = ["CLOSE", "OUTPUT", "BACKLOG", "WAITING", "PUSHES", "SAME", "ASKS"];
const WORDS = ["request", "capacity", "reply", "length", "flags", "journal", "deadline"];

function find(source, pattern, what) {
  return pattern.exec(source) ?? fail(`the Rust sources have no ${what}`);
}

/** Names in capitals, as constants are written. */
const upper = (name) => name.replace(/(?<=[a-z])[A-Z]/g, "_$&").toUpperCase();

/** What a comment of Rust says, as one of TypeScript. */
const comment = (text) => {
  const words = text?.replace(/\s*\/\/+\s*/g, " ").replace(/\[`(?:crate::)?(.*?)`\]/g, "`$1`");
  return words ? `/** ${words.trim()} */\n` : "";
};

export function mailbox() {
  const files = readdirSync(join(root, "src"), { recursive: true }).filter((file) => file.endsWith(".rs"));
  const read = (some) =>
    some
      .sort()
      .map((file) => readFileSync(join(root, "src", file), "utf8"))
      .join("\n");
  const source = read(files.filter((file) => /^wasm(\/|\.rs$)/.test(file)));
  const [, body] = find(source, /struct Mailbox \{([^}]*)\}/, "struct Mailbox");
  const fields = [...body.matchAll(/^\s*(?:pub(?:\([a-z]+\))? )?(\w+): (u32|f64),/gm)];
  let at = 0;
  const words = fields.map(([, name, type]) => {
    if (type === "f64" && at % 2 !== 0) fail("a f64 of the mailbox is not aligned");
    const line = type === "f64" ? `export const ${upper(name)}_AT = ${at * 4};` : `export const ${upper(name)} = ${at};`;
    at += type === "f64" ? 2 : 1;
    return line;
  });
  const names = fields.map(([, name]) => name);
  if (names.join() !== WORDS.join()) fail(`the mailbox has the words ${names}, and the package knows ${WORDS}`);
  const flags = FLAGS.map((name) => {
    const pattern = new RegExp(
      `^((?:[ \\t]*///[^\\n]*\\n)*)\\s*(?:pub(?:\\([a-z]+\\))? )?const ${name}: u32 = (\\d+|1 << \\d+);[ \\t]*(//[^\\n]*)?$`,
      "m",
    );
    const [, before, value, behind] = find(source, pattern, `const ${name}: u32`);
    return `${comment(before || behind)}export const ${name} = ${value};`;
  });
  const [, variants] = find(read(files), /enum HostRequest \{([^}]*)\}/, "enum HostRequest");
  let ask = 0;
  const asks = [...variants.matchAll(/^((?:\s*\/\/\/[^\n]*\n)*)\s*(\w+)(?: = (\d+))?,/gm)].map(([, doc, name, value]) => {
    ask = value === undefined ? ask + 1 : Number(value);
    return `${comment(doc)}export const ASK_${upper(name)} = ${ask};`;
  });
  return `/**
 * The mailbox: what the engine and its host share at a fixed address of wasm memory, as \`src/wasm\` lays it out. Made by \`make gen\`;
 * do not edit.
 */

// Words of 32 bits, by their number.
${words.slice(0, -1).join("\n")}
/** How many there are in front of the deadline. */
export const WORDS = ${at - 2};
/** Where the next deadline stands, a f64, in bytes. */
${words.at(-1)}

// Bits of the word FLAGS.
${flags.join("\n")}

// What the engine asks of its host, by \`next_ask()\`.
${asks.join("\n")}
`;
}
