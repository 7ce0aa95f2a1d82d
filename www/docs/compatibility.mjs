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

const WORDS = { yes: "same", differs: "differs", no: "missing", documents: "by the documents" };

export const page = (command) => command.toLowerCase().replaceAll(/[ |]/g, "-");

export function compatibility(text) {
  const all = rows(text);
  const [head, ...parts] = text.split(/^## /m);
  const general = parts.find((part) => part.startsWith("In general")).replace(/^.*\n/, "");
  const rest = parts.filter((part) => !part.startsWith("In general") && !part.startsWith("The documents it began") && rows(`## ${part}`).length === 0);
  const began = parts.find((part) => part.startsWith("The documents it began"))?.replace(/^.*\n/, "") ?? "";
  const row = ({ command, here, note, group }) =>
    `| ${here === "no" ? `\`${command}\`` : `[\`${command}\`](www/docs/pages/commands/${page(command)}.md)`} | ${WORDS[here]} | ${group.replace(/ \(.*/, "")} | ${note} |`;
  const table = (some) => `| command | | group | difference |\n|---|---|---|---|\n${some.map(row).join("\n")}\n`;
  const differ = all.filter(({ here, note }) => here === "no" || here === "differs" || note.trim() !== "");
  return `${head.trimEnd()}

## Commands that differ

${differ.length} of ${all.length} commands. All others answer as Redis does.

<div class="filter"></div>

${table(differ)}
## In general
${general}
${rest.map((part) => `## ${part}`).join("")}
## All commands

<div class="filter"></div>

${table(all)}
## Forms of HSETEX, HMSET and MSET
${began}`;
}
