/** `wakey replay file`: plays a dialogue file, and says what is answered otherwise. */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { manualClock } from "../core/clock.js";
import type { Open } from "../open/open.js";
import { UsageError } from "./argv.js";
import { play } from "./dialogue.js";

/** 0 where all is as the file has it, 1 where something is not. */
export async function replay(path: string, open: Open): Promise<number> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (!/^== /m.test(text)) throw new UsageError(`${path} is not a dialogue: it has no section, a line that begins with "== "`);
  const { commands, failures } = await play(basename(path), text, { open, manualClock });
  for (const failure of failures) process.stdout.write(`${failure}\n\n`);
  const many = (n: number, what: string): string => `${n} ${what}${n === 1 ? "" : "s"}`;
  process.stdout.write(
    `${many(commands, "command")}, ${failures.length === 0 ? "all as expected" : many(failures.length, "difference")}\n`,
  );
  return failures.length === 0 ? 0 : 1;
}
