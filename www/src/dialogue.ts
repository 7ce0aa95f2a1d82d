/**
 * A session as text: as a dialogue file, of the kind in `tests/cases` (its README has the syntax), which `wakey replay` plays and any
 * Redis can be held against; and as Markdown, for a bug's report.
 */
import type { Spoken } from "wakey/console";
import type { Wakey } from "wakey/slim";
import { pretty } from "../../pkg/src/prompt/format.js";
import { isWait, retell, type Told } from "./retell.js";
import { type Session, typedAs } from "./session.js";
import { DIALOGUE, T } from "./strings.js";
import { bytes } from "./text.js";

/** GitHub takes 65,536 characters. */
const LONGEST = 50_000;

const utf8 = new TextDecoder();

function shown(spoken: Spoken): string | undefined {
  if (!("node" in spoken)) return undefined;
  return utf8
    .decode(bytes(pretty(spoken.node)))
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

/** What depends on chance, and what comes in no order, as the table of commands has it. */
function tips(db: Wakey): (args: readonly string[]) => "@like" | "@unordered" | undefined {
  const known = new Map<string, "@like" | "@unordered" | undefined>();
  return ([name = ""]) => {
    const id = name.toLowerCase();
    if (!known.has(id)) {
      const [info] = db.call("COMMAND", "INFO", id) as [unknown[] | null];
      const words = (info?.[7] ?? []) as string[];
      const random = words.includes("nondeterministic_output");
      known.set(id, random ? "@like" : words.includes("nondeterministic_output_order") ? "@unordered" : undefined);
    }
    return known.get(id);
  };
}

/** The whole of what has happened, as a dialogue. */
export async function dialogue(session: Session): Promise<string> {
  const title = session.title.replace(/\s+/g, " ").trim() || DIALOGUE.title;
  const lines = [`== ${title}`, `@clock ${session.start}`];
  const known = new Set<string>();
  let speaker = "";
  const from = (by: string): void => {
    const name = by.replace(/\W/g, "_");
    if (name === speaker) return;
    speaker = name;
    lines.push("", `@session ${name}`);
    if (!known.has(name)) lines.push("@resp2");
    known.add(name);
  };
  const heard = (told: readonly Told[]): void => {
    for (const { by, spoken } of told) {
      const text = shown(spoken);
      if (text === undefined) continue;
      from(by);
      lines.push("@hear", text);
    }
  };
  await retell(session, session.record().events, (db) => {
    const tip = tips(db);
    return {
      passed: (ms, told) => {
        lines.push("", `@advance ${ms}`);
        heard(told);
      },
      happened: (event, told) => {
        const { by, args } = event;
        lines.push("");
        if (isWait(event)) return lines.push(`# ${by}: ${DIALOGUE.gaveUp}`, "");
        from(by);
        const how = tip(args);
        if (how) lines.push(how);
        lines.push(`> ${typedAs(args)}`);
        const replies = told.filter((one) => one.by === by && "node" in one.spoken);
        lines.push(how === "@like" ? "<lines>" : ((replies[0] && shown(replies[0].spoken)) ?? "(no reply)"));
        heard(told.filter((one) => one !== replies[0]));
      },
    };
  });
  return `${lines.join("\n").replace(/\n{3,}/g, "\n\n")}\n`;
}

/** What the consoles show, as a block of code with what leads to it; from its end, where it is too long. */
export async function markdown(session: Session, link: string | undefined): Promise<string> {
  const parts: string[] = [];
  let speaker = "c1";
  const say = (told: readonly Told[]): void => {
    for (const { by, spoken } of told) {
      const name = by.split(".")[0]!;
      if (name !== speaker) parts.push(`# ${/^c\d$/.test(name) ? T.consoleN(name.slice(1)) : name}`);
      speaker = name;
      const text = shown(spoken);
      if (text !== undefined) parts.push(text);
    }
  };
  await retell(session, session.record().events, () => ({
    passed: (ms, told) => {
      if (ms >= 1000) parts.push(`# ${DIALOGUE.later(ms)}`);
      say(told);
    },
    happened: (event, told) => {
      const echo = told.find((one) => one.spoken.kind === "echo");
      const line = event.line ?? typedAs(event.args);
      if (echo?.spoken.kind === "echo") {
        say([{ by: event.by, spoken: echo.spoken }]);
        parts.push(`${echo.spoken.prompt}${line}`);
      }
      say(told.filter((one) => one !== echo));
    },
  }));
  let body = parts.join("\n");
  if (body.length > LONGEST) body = `# …\n${body.slice(body.indexOf("\n", body.length - LONGEST) + 1)}`;
  const longest = Math.max(2, ...(body.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const head = [session.title && `### ${session.title.replace(/\s+/g, " ")}`, session.remark].filter(Boolean);
  return [...head, `${fence}redis\n${body}\n${fence}`, ...(link === undefined ? [] : [`[${DIALOGUE.openInWakey}](${link})`])].join("\n\n");
}
