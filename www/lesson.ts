/**
 * Lessons are Markdown files. A heading of the second order begins a step; a block ```check in it says when the step is done,
 * one condition a line:
 *
 *   typed HSET user:1            a command was given that begins so, in any case, and did not fail
 *   failed HSET user:1           such a command was given, and the answer was an error
 *   state HGET user:1 name = Ann the command answers this (numbers and strings alike)
 *   state TTL k in 1..60         the command answers a number from 1 to 60
 *
 * A block ```redis is offered to be run: a command a line, or on several where quotes are open. Everything else is shown.
 */
import { marked } from "marked";
import { gathered } from "../pkg/src/prompt/format.js";

export interface Check {
  kind: "typed" | "failed" | "state";
  command: string;
  /** Of `state`: what is answered, or the bounds of the number. */
  equals?: string;
  between?: [number, number];
}

export interface Step {
  title: string;
  html: string;
  commands: string[];
  checks: Check[];
}

export interface Lesson {
  id: string;
  title: string;
  summary: string;
  steps: Step[];
}

function check(line: string): Check {
  const [, kind, rest = ""] = /^(typed|failed|state) (.+)$/.exec(line) ?? [];
  if (kind === "typed" || kind === "failed") return { kind, command: rest };
  const between = /^(.+) in (\d+)\.\.(\d+)$/.exec(rest);
  if (kind === "state" && between) return { kind, command: between[1]!, between: [Number(between[2]), Number(between[3])] };
  const equals = /^(.+?) = (.*)$/.exec(rest);
  if (kind === "state" && equals) return { kind, command: equals[1]!, equals: equals[2]! };
  throw new Error(`a check that is none: ${line}`);
}

/** Reads one lesson. Throws when it has no steps, or a step that nothing checks. */
export function lesson(id: string, source: string): Lesson {
  const [head = "", ...parts] = source.split(/^## /m);
  const title = /^# (.+)$/m.exec(head)?.[1];
  if (title === undefined || parts.length === 0) throw new Error(`lesson ${id} has no title, or no steps`);
  const steps = parts.map((part) => {
    const [name = "", ...lines] = part.split("\n");
    const checks: Check[] = [];
    const commands: string[] = [];
    const text = lines.join("\n").replace(/^```(check|redis)\n([\s\S]*?)^```$/gm, (_, kind: string, body: string) => {
      const inner = gathered(body.split("\n")).filter((line) => line.trim() !== "");
      if (kind === "check") checks.push(...inner.map(check));
      else commands.push(...inner);
      return "";
    });
    if (checks.length === 0) throw new Error(`lesson ${id}, '${name}': nothing checks this step`);
    return { title: name.trim(), html: marked.parse(text, { async: false }).trim(), commands, checks };
  });
  return {
    id,
    title,
    summary: head
      .replace(/^# .+$/m, "")
      .trim()
      .replaceAll("\n", " ")
      .replaceAll("`", ""),
    steps,
  };
}
