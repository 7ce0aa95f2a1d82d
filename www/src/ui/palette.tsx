/** Everything by its name: actions, commands, keys, lessons. */
import lessons from "virtual:lessons";
// What commands are said to do is at hand then.
import "wakey/words";
import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { type App, asked, chosen, part } from "../app.js";
import { setTheme, THEMES, toggle } from "../layout.js";
import { PALETTE, T } from "../strings.js";
import { latin1, readable, typed } from "../text.js";
import { put } from "./consoles.js";
import { Dialog } from "./dialog.js";
import { menus } from "./files.js";
import { narrow } from "./header.js";
import { Icon, type IconName } from "./icons.js";
import type { Item } from "./menu.js";
import type { Restart } from "./page.js";
import { forth } from "./timeline.js";

interface Found {
  kind: string;
  label: string;
  note?: string;
  icon: IconName;
  act: () => void;
}

/** So many of each kind are shown, and so many keys are looked through. */
const SHOWN = 8;
const LOOKED = 10_000;
const SLICE = 1000;

/** Whether all letters of `wanted` come in this order; less is better. */
function rank(text: string, wanted: string): number | undefined {
  const low = text.toLowerCase();
  const at = low.indexOf(wanted);
  if (at >= 0) return at + (low.length - wanted.length) / 100;
  let from = -1;
  for (const letter of wanted) {
    from = low.indexOf(letter, from + 1);
    if (from < 0) return undefined;
  }
  return 50 + low.length / 100;
}

interface Ranked {
  one: Found;
  n: number;
}

function best(all: Iterable<Found>, wanted: string): Ranked[] {
  const ranked: Ranked[] = [];
  for (const one of all) {
    const n = rank(one.label, wanted);
    if (n !== undefined) ranked.push({ one, n });
  }
  return ranked.sort((a, b) => a.n - b.n).slice(0, SHOWN);
}

function actions(app: App, restart: Restart): Found[] {
  const { sessionItems, exampleItems } = menus(app, restart);
  const of = (items: readonly (Item | "line")[], before = ""): Found[] =>
    items.flatMap((item) =>
      item === "line" || item.disabled || item.act === undefined
        ? []
        : [{ kind: PALETTE.actions, label: before + item.label, note: item.note, icon: item.icon ?? "check", act: item.act } as Found],
    );
  const one = (label: string, icon: IconName, act: () => void): Found => ({ kind: PALETTE.actions, label, icon, act });
  return [
    one(T.share, "share", () => (asked.value = "share")),
    one(T.changes, "diff", () => (asked.value = "diff")),
    ...of(sessionItems()),
    one(T.redo, "redo", () => void forth(app)),
    ...of(exampleItems(), `${PALETTE.example}: `),
    one(T.explore, "chart", () => (part.value = "explore")),
    one(T.showLessons, "panel", () => toggle("side")),
    one(T.showMonitor, "panel", () => toggle("monitor")),
    one(T.showKeys, "panel", () => toggle("data")),
    ...THEMES.map((theme) => one(`${T.theme}: ${T.themes[theme]}`, "sun", () => setTheme(theme))),
    one(T.pause, "clock", () => app.driver.toggle()),
    one(T.nextExpiry, "hourglass", () => void app.driver.jump()),
    one(T.shortcuts, "command", () => (asked.value = "keys")),
    one(T.connect, "server", () => (asked.value = "connect")),
  ];
}

export function Palette({ app, restart }: { app: App; restart: Restart }) {
  const text = useSignal("");
  const at = useSignal(0);
  const list = useRef<HTMLDivElement>(null);
  const db = app.session.db.peek();
  const fixed = useMemo(
    () => ({
      actions: actions(app, restart),
      commands: (db.call("COMMAND", "LIST") as string[]).sort().map(
        (name): Found => ({
          kind: PALETTE.commands,
          label: name.toUpperCase().replace("|", " "),
          icon: "terminal",
          act: () => put(`${name.toUpperCase().replace("|", " ")} `),
        }),
      ),
      lessons: lessons.map(
        (lesson): Found => ({
          kind: T.lessons,
          label: lesson.title,
          note: lesson.summary,
          icon: "book",
          act: () => {
            location.hash = `lesson=${lesson.id}`;
            if (narrow()) part.value = "lesson";
            else toggle("side", false);
          },
        }),
      ),
    }),
    [app],
  );
  const wanted = text.value.trim().toLowerCase();
  const keys = function* (): Generator<Found> {
    const plain = typed(text.value.trim()).replace(/[\\*?[\]]/g, "\\$&");
    let cursor = "0";
    let looked = 0;
    do {
      const reply = app.keyspace.ask("SCAN", cursor, "MATCH", `*${plain}*`, "COUNT", SLICE) as [Uint8Array, Uint8Array[]] | undefined;
      if (reply === undefined) return;
      for (const bytes of reply[1]) {
        const name = latin1(bytes);
        yield { kind: T.keys, label: readable(name, 80), icon: "key", act: () => (chosen.value = name) };
      }
      cursor = latin1(reply[0]);
      looked += SLICE;
    } while (cursor !== "0" && looked < LOOKED);
  };
  const ranked = [
    ...best(fixed.actions, wanted),
    ...(wanted === "" ? [] : best(fixed.commands, wanted)),
    ...best(keys(), wanted),
    ...best(fixed.lessons, wanted),
  ];
  const found = (wanted === "" ? ranked : ranked.sort((a, b) => a.n - b.n)).map(({ one }) => one);
  const summary = (one: Found): string | undefined => {
    if (one.kind !== PALETTE.commands) return one.note;
    const name = one.label.toLowerCase().replace(" ", "|");
    const docs = db.call("COMMAND", "DOCS", name) as { [name: string]: { summary?: string } | undefined };
    return docs[name]?.summary;
  };
  const take = (one: Found | undefined): void => {
    if (one === undefined) return;
    asked.value = undefined;
    // When the dialog is gone, and has given the focus back.
    setTimeout(one.act);
  };
  const go = (to: number): void => {
    at.value = (to + found.length) % Math.max(found.length, 1);
    requestAnimationFrame(() => list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" }));
  };
  return (
    <Dialog title={T.findLabel} class="palette" bare>
      <div class="search">
        <Icon name="search" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls="palette-list"
          aria-activedescendant={found.length > 0 ? `palette-${at.value}` : undefined}
          aria-label={T.findLabel}
          placeholder={PALETTE.hint}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            at.value = 0;
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown") go(at.value + 1);
            else if (event.key === "ArrowUp") go(at.value - 1);
            else if (event.key === "Enter") take(found[at.value]);
            else return;
            event.preventDefault();
          }}
        />
      </div>
      <div role="listbox" id="palette-list" class="found" aria-label={T.findLabel} ref={list}>
        {found.map((one, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
          <div
            key={`${one.kind} ${one.label}`}
            id={`palette-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === at.value}
            onClick={() => take(one)}
            onPointerMove={({ movementX, movementY }) => {
              // Browsers tell of a move also where the list moves under a pointer that rests.
              if (movementX !== 0 || movementY !== 0) at.value = i;
            }}
          >
            <Icon name={one.icon} />
            <span class="what">{one.label}</span>
            <span class="muted">{summary(one)}</span>
            <span class="kind">{one.kind}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="empty">{PALETTE.nothingFound(text.value)}</p>}
    </Dialog>
  );
}
