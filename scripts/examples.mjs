/** An example for each command, out of the dialogues: what a real Redis answered is what it says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./common.mjs";

/** Arguments that explain themselves, and do not depend on who asks and when. */
const PLAIN = /^[A-Za-z0-9:._*$@+-]+$/;

/** A reply of one line, or a short list of such, as JavaScript shows it; undefined for others. */
function shown(lines) {
  const one = (line) => {
    const number = /^\((?:integer|double)\) (-?[0-9.]+)$/.exec(line);
    if (number) return number[1];
    if (/^"[^"\\]*"$/.test(line)) return line;
    if (line === "(nil)") return "null";
    return line === "OK" ? '"OK"' : undefined;
  };
  if (lines.length === 1) return one(lines[0]);
  const items = lines.map((line, i) => (line.startsWith(`${i + 1}) `) || line.startsWith(`${i + 1}~ `) ? one(line.slice(3)) : undefined));
  return lines.length > 3 || items.includes(undefined) ? undefined : `[${items.join(", ")}]`;
}

/** Words as they are given to a method. */
const literal = (word) => (/^-?(0|[1-9][0-9]{0,14})$/.test(word) ? word : JSON.stringify(word));

/** By the command's name in upper case, a subcommand's behind a blank: the line of a program. */
export function examples(names) {
  const known = new Set(names);
  const best = new Map();
  const folder = join(root, "tests/cases");
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith(".resp")) continue;
    let own = false;
    let plain = true;
    const lines = readFileSync(join(folder, file), "utf8").split("\n");
    for (const [i, line] of lines.entries()) {
      if (line.startsWith("== ")) [own, plain] = [false, true];
      if (line.startsWith("@wakey") || line.startsWith("@dialect") || line.startsWith("@cluster") || line.startsWith("@compat")) own = true;
      if (/^@(resp2|session)/.test(line)) plain = false;
      if (!line.startsWith("> ") || own || !plain || /^@(?!since)/.test(lines[i - 1] ?? "")) continue;
      const [first, ...args] = line.slice(2).trim().split(/\s+/);
      const long = `${first} ${args[0]}`.toUpperCase();
      const name = known.has(long) ? long : first.toUpperCase();
      if (!known.has(name) || !args.every((arg) => PLAIN.test(arg))) continue;
      let end = i + 1;
      while (end < lines.length && lines[end] !== "" && !/^[>@]|^== /.test(lines[end])) end++;
      const reply = shown(lines.slice(i + 1, end));
      if (reply === undefined) continue;
      // The shortest that found something, and is no corner.
      const corners = args.filter((arg, i) => /^(0|no|nope|nokey|nosuch\w*)$/i.test(arg) || args.indexOf(arg) < i).length;
      const weight = args.join(" ").length + corners * 20 + (reply === "null" ? 1000 : 0) + (reply === "0" ? 100 : 0);
      if (weight >= (best.get(name)?.weight ?? Number.POSITIVE_INFINITY)) continue;
      best.set(name, { weight, text: `db.${first.toLowerCase()}(${args.map(literal).join(", ")}) // ${reply}` });
    }
  }
  return new Map([...best].map(([name, { text }]) => [name, text]));
}
