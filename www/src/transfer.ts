/** Taking in what a file, a text or an example has, and giving out what the session is. */

import { batch } from "@preact/signals";
import { type App, asked, chosen, part, tell } from "./app.js";
import { baseOf, reading } from "./base.js";
import { dialogue, markdown } from "./dialogue.js";
import { EXAMPLES } from "./examples.js";
import { save } from "./save.js";
import { appendOnly, commands, parse, written } from "./share.js";
import { slices } from "./slices.js";
import { TRANSFER } from "./strings.js";
import { bytes, latin1 } from "./text.js";
import type { Restart } from "./ui/page.js";

/** Commands between two pictures of the page. */
const AT_ONCE = 100;
const DATABASES = 16;

export function saveCommands({ session }: App): void {
  save("commands.redis", written(session.record().events));
}

export function saveSession({ session }: App): void {
  save("session.json", JSON.stringify(session.record()));
}

export async function saveRdb({ session }: App): Promise<void> {
  save("dump.rdb", await new Response(session.db.peek().exportRdbStream()).blob());
}

/** Each key as a RESTORE with the time at which it ends: every server since Redis 5 reads that. */
export async function saveAof({ session }: App): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const put = (...args: (string | Uint8Array)[]): void => {
    const all = args.map((arg) => (typeof arg === "string" ? arg : latin1(arg)));
    parts.push(bytes(`*${all.length}\r\n${all.map((arg) => `$${arg.length}\r\n${arg}\r\n`).join("")}`) as Uint8Array<ArrayBuffer>);
  };
  const client = session.db.peek().session();
  try {
    for (let database = 0; database < DATABASES; database++) {
      client.select(database);
      let cursor = "0";
      let selected = false;
      do {
        const [next, names] = client.bytes.call("SCAN", cursor, "COUNT", 500) as [Uint8Array, Uint8Array[]];
        for (const name of names) {
          const dump = client.bytes.call("DUMP", name) as Uint8Array | null;
          if (dump === null) continue;
          if (!selected) put("SELECT", String(database));
          selected = true;
          const end = Number(client.bytes.call("PEXPIRETIME", name));
          put("RESTORE", name, String(Math.max(end, 0)), dump, "ABSTTL", "REPLACE");
        }
        cursor = latin1(next);
        await new Promise((done) => setTimeout(done));
      } while (cursor !== "0");
    }
  } finally {
    client.close();
  }
  save("appendonly.aof", new Blob(parts));
}

export async function saveDialogue({ session }: App): Promise<void> {
  save("session.resp", await dialogue(session));
}

export function asMarkdown({ session }: App, link: string | undefined): Promise<string> {
  return markdown(session, link);
}

/** Runs commands, as `by`; how many of them failed. */
export async function runAll({ session }: App, list: readonly string[][], by: string): Promise<number> {
  let failed = 0;
  const turn = slices();
  for (let i = 0; i < list.length; i += AT_ONCE) {
    batch(() => {
      for (const args of list.slice(i, i + AT_ONCE)) {
        try {
          session.run(by, args);
        } catch {
          failed++;
        }
      }
    });
    await turn();
  }
  return failed;
}

export async function runExample(app: App, id: string): Promise<void> {
  const example = EXAMPLES[id];
  if (example === undefined) return;
  const list = [...commands(example.script)];
  // Typed, as it were, in the console: there one sees what was done.
  const { current } = await import("./ui/consoles.js");
  if (part.peek() === "explore") part.value = "console";
  const element = current();
  if (element) await element.run(example.script.split("\n").filter((line) => line.trim() !== ""));
  else await runAll(app, list, "file");
  chosen.value = example.look;
  tell(TRANSFER.example(list.length));
}

export async function load(app: App, restart: Restart, file: File): Promise<void> {
  if (reading.peek() !== undefined) return;
  const { session } = app;
  try {
    const base = await baseOf(file);
    if (base !== undefined) {
      asked.value = undefined;
      restart(await session.openFile(base));
      part.value = "explore";
      tell(TRANSFER.fileOpen(file.name, base.written !== undefined));
      return;
    }
    const data = new Uint8Array(await file.arrayBuffer());
    const text = new TextDecoder().decode(data);
    if (text.trimStart().startsWith("{")) {
      restart(parse(text));
      tell(TRANSFER.opened(file.name));
    } else {
      const turn = slices();
      const list: string[][] = [];
      for (const args of appendOnly(latin1(data)) ?? commands(text)) {
        list.push(args);
        await turn();
      }
      const failed = await runAll(app, list, "file");
      tell(TRANSFER.ranFile(list.length, file.name, failed), failed > 0);
    }
    asked.value = undefined;
  } catch (error) {
    tell(`${file.name}: ${(error as Error).message}`, true);
  }
}
