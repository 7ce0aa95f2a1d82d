/**
 * Lessons are Markdown files: `lessons/2-recipes/03-queue.md` is the third of the group "Recipes", and `queue` its name in links. To add
 * one, add a file: nothing else lists them. Its first heading is its title, what follows says in a sentence what it is about, and each
 * heading of the second order begins a step. A step is text, and blocks:
 *
 *   ```redis       commands to run, one a line (or on several where quotes are open): they are offered as buttons
 *   ```redis 2     the same, in the second console
 *   ```solution    commands that are what the step asks for, not shown until somebody wants them
 *   ```clock       what the clock is to do: `next expiry`, or `+10 s`
 *   ```check       when the step is done, one condition a line:
 *
 *     typed HSET user:1            a command was given that begins so, in any case, and did not fail
 *     failed HSET user:1           such a command was given, and the answer was an error
 *     state HGET user:1 name = Ann the command answers this (numbers and strings alike; lists with a space between)
 *     state TTL k in 1..60         the command answers a number from 1 to 60
 *
 * A step has checks, of which at least one does not hold before it, and the other blocks do what they ask for, in order: a test
 * plays each lesson by them. Who skips a step gets what it would have made. A lesson begins with no keys at all.
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

/** What a step asks for, or offers: a line in a console, or the clock moves (milliseconds, or to what expires next). */
export type Action = { line: string; console: number; hidden?: true } | { clock: number | "next expiry" };

export interface Step {
  title: string;
  html: string;
  actions: Action[];
  checks: Check[];
}

export interface Lesson {
  id: string;
  title: string;
  summary: string;
  steps: Step[];
}

export interface Group {
  title: string;
  lessons: Lesson[];
}

const UNITS: { [unit: string]: number } = { s: 1000, min: 60_000, h: 3_600_000 };

function clock(line: string): Action {
  if (line === "next expiry") return { clock: line };
  const [, n, unit = ""] = /^\+(\d+) (s|min|h)$/.exec(line) ?? [];
  if (n === undefined) throw new Error(`the clock does not understand: ${line}`);
  return { clock: Number(n) * UNITS[unit]! };
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
    const actions: Action[] = [];
    const text = lines
      .join("\n")
      .replace(/^```(check|redis|solution|clock)(?: (\d))?\n([\s\S]*?)^```$/gm, (_, kind: string, n = "1", body: string) => {
        const inner = gathered(body.split("\n")).filter((line) => line.trim() !== "");
        if (kind === "check") checks.push(...inner.map(check));
        else if (kind === "clock") actions.push(...inner.map(clock));
        else
          actions.push(...inner.map((line) => ({ line, console: Number(n), ...(kind === "solution" ? { hidden: true as const } : {}) })));
        return "";
      });
    if (checks.length === 0) throw new Error(`lesson ${id}, '${name}': nothing checks this step`);
    if (actions.length === 0) throw new Error(`lesson ${id}, '${name}': nothing says how it is done`);
    return { title: name.trim(), html: marked.parse(text, { async: false }).trim(), actions, checks };
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

/** A folder's name as a group: `1-start_here` is "Start here". */
export function group(folder: string, lessons: Lesson[]): Group {
  const title = folder.replace(/^\d+-/, "").replaceAll("_", " ");
  return { title: title.charAt(0).toUpperCase() + title.slice(1), lessons };
}
