/** COMPAT.md as a page: what differs comes first, then the table of all commands, which a script filters. */

/** The rows of COMPAT.md's tables: `{ command, here, note, group }`. */
export function rows(text) {
  const out = [];
  let group = "";
  for (const line of text.split("\n")) {
    if (line.startsWith("## ")) group = line.slice(3);
    const [, command, here, note] = /^\| ([A-Z][A-Z0-9._ -]*) \| (yes|no|differs|documents) \| (.*?) ?\|$/.exec(line) ?? [];
    if (command !== undefined) out.push({ command, here, note: note ?? "", group });
  }
  return out;
}

const WORDS = { yes: "the same", differs: "differs", no: "missing", documents: "by the documents" };
const SHORT = { no: "**Missing:** ", documents: "**By the documents:** " };

export const page = (command) => command.toLowerCase().replaceAll(/[ |]/g, "-");

export function compatibility(text) {
  const all = rows(text);
  const [head, ...parts] = text.split(/^## /m);
  const general = parts.find((part) => part.startsWith("In general")).replace(/^.*\n/, "");
  const rest = parts.filter(
    (part) => !part.startsWith("In general") && !part.startsWith("The documents it began") && rows(`## ${part}`).length === 0,
  );
  const began = parts.find((part) => part.startsWith("The documents it began"))?.replace(/^.*\n/, "") ?? "";
  const name = ({ command, here }) => (here === "no" ? `\`${command}\`` : `[\`${command}\`](www/docs/pages/commands/${page(command)}.md)`);
  const group = (one) => one.group.replace(/ \(.*/, "");
  const list = (head, some, cells) =>
    `| ${head.join(" | ")} |\n|${head.map(() => "---|").join("")}\n${some.map((one) => `| ${cells(one).join(" | ")} |`).join("\n")}\n`;
  const weight = ({ here }) => ["no", "differs", "yes", "documents"].indexOf(here);
  const differ = all
    .filter(({ here, note }) => here === "no" || here === "differs" || note.trim() !== "")
    .sort((a, b) => weight(a) - weight(b));
  return `${head.replace(/ `make gen` writes this file[^\n]*/, "").trimEnd()}

## Commands that differ

${differ.length} of ${all.length} commands. All others answer as Redis does.

<div class="filter"></div>

${list(["command", "difference", "group"], differ, (one) => [name(one), (SHORT[one.here] ?? "") + one.note, group(one)])}
## In general
${general}
${rest.map((part) => `## ${part}`).join("")}
## All commands

<div class="filter"></div>

${list(["command", "in Wakey", "group"], all, (one) => [name(one), WORDS[one.here], group(one)])}
## Forms of HSETEX, HMSET and MSET
${began}`;
}
