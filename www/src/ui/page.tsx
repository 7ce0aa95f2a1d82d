/** The page: lessons, consoles and keys side by side, or the explorer; time below them. On a narrow screen one at a time. */
import { effect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type App, asked, chosen, notice, part, type Remedy, type View } from "../app.js";
import { isClosed, sizeOf, toggle } from "../layout.js";
import type { Record, Session, Whole } from "../session.js";
import { T } from "../strings.js";
import { Clock } from "./clock.js";
import { Consoles } from "./consoles.js";
import { Dialogs } from "./dialogs.js";
import { Files, menus } from "./files.js";
import { Header, narrow } from "./header.js";
import { Icon, type IconName } from "./icons.js";
import { Keys } from "./keys.js";
import { later } from "./later.js";
import { Monitor } from "./monitor.js";
import { Reading } from "./reading.js";
import { shortcuts } from "./shortcuts.js";
import { Split } from "./split.js";
import { back, Timeline } from "./timeline.js";

const Lessons = later<{ app: App }>(async () => (await import("./lessons.js")).Lessons);
const Explorer = later<{ app: App }>(async () => (await import("./explorer.js")).Explorer);
const Viewer = later<{ view: View }>(async () => (await import("./viewer.js")).Viewer);

const PARTS: readonly (readonly [typeof part.value, string, IconName])[] = [
  ["lesson", T.lessons, "book"],
  ["console", T.console, "terminal"],
  ["keys", T.keys, "key"],
  ["explore", T.explore, "chart"],
  ["monitor", T.monitor, "monitor"],
];

/** What a narrow screen shows. */
export function Parts({ without = [] }: { without?: readonly string[] }) {
  return (
    <nav class="parts" aria-label={T.parts}>
      {PARTS.filter(([id]) => !without.includes(id)).map(([id, name, icon]) => (
        <button
          key={id}
          type="button"
          class="quiet"
          aria-current={part.value === id ? "page" : undefined}
          onClick={() => {
            part.value = id;
          }}
        >
          <Icon name={icon} />
          {name}
        </button>
      ))}
    </nav>
  );
}

/** Above everything, also above a dialog that is open. */
export function Notices({ app }: { app?: App }) {
  const box = useRef<HTMLDivElement>(null);
  const now = notice.value;
  useEffect(() => {
    // The latest of what lies on top lies on top of the others.
    box.current?.hidePopover?.();
    if (now) box.current?.showPopover?.();
  }, [now]);
  return (
    <div class="notices" role="status" aria-live="polite" popover="manual" ref={box}>
      {now && (
        <p class={now.bad ? "notice bad" : "notice"}>
          {now.text}
          {now.remedy !== undefined && app && (
            <button type="button" class="quiet" onClick={() => heal(app, now.remedy!)}>
              {now.remedy === "undo" ? T.undo : now.remedy.label}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

function heal(app: App, remedy: Remedy): void {
  notice.value = undefined;
  if (remedy === "undo") void back(app);
  else remedy.act();
}

/** Sizes as the style sheet has them. */
function sizes(): { [name: string]: string } {
  const px = (name: "side" | "data" | "monitor" | "keys"): string => `${sizeOf(name)}px`;
  return { "--side": px("side"), "--data": px("data"), "--monitor": px("monitor"), "--keys": px("keys") };
}

/** The columns of the page, and the lines between them that move. */
export function Columns(props: {
  side?: ComponentChildren;
  middle: ComponentChildren;
  monitor: ComponentChildren;
  survey?: ComponentChildren;
  keys: ComponentChildren;
  viewer: ComponentChildren;
}) {
  const withSide = props.side !== undefined && (narrow() || !isClosed("side"));
  const chose = chosen.value !== undefined;
  return (
    <main style={sizes()}>
      {withSide && (
        <>
          <div class="column side">{props.side}</div>
          <Split of="side" label={T.resizeLessons} along="x" />
        </>
      )}
      <div class="column middle">
        {props.middle}
        {(narrow() || !isClosed("monitor")) && (
          <>
            <Split of="monitor" label={T.resizeMonitor} along="y" after />
            {props.monitor}
          </>
        )}
      </div>
      {props.survey !== undefined && <div class="column survey">{props.survey}</div>}
      {(narrow() || !isClosed("data")) && (
        <>
          <Split of="data" label={T.resizeKeys} along="x" after />
          <div class={`column data${chose ? " with-viewer" : ""}`}>
            {props.keys}
            {chose && (
              <>
                <Split of="keys" label={T.resizeList} along="y" />
                {props.viewer}
              </>
            )}
          </div>
        </>
      )}
    </main>
  );
}

export type Restart = (to: Record | Whole | Session | undefined) => void;

export function Page({ app, restart }: { app: App; restart: Restart }) {
  useEffect(() => shortcuts(app), [app]);
  useEffect(
    () =>
      effect(() => {
        // What is looked at is seen.
        if (chosen.value !== undefined && isClosed("data")) chosen.value = undefined;
      }),
    [],
  );
  useEffect(() => {
    const show = (): void => {
      if (!location.hash.startsWith("#lesson=")) return;
      if (narrow()) part.value = "lesson";
      else toggle("side", false);
    };
    show();
    addEventListener("hashchange", show);
    return () => removeEventListener("hashchange", show);
  }, []);
  const { sessionItems, exampleItems } = menus(app, restart);
  const exploring = part.value === "explore";
  return (
    <div class={`page show-${part.value}`}>
      <Header app={app} sessionItems={sessionItems} exampleItems={exampleItems} />
      <Columns
        side={<Lessons app={app} />}
        middle={<Consoles view={app} />}
        monitor={<Monitor view={app} />}
        survey={exploring ? <Explorer app={app} /> : undefined}
        keys={<Keys view={app} />}
        viewer={<Viewer view={app} />}
      />
      <footer class="dock">
        <Clock app={app} />
        <Timeline app={app} />
      </footer>
      <Parts />
      <Files app={app} restart={restart} />
      {asked.value !== undefined && <Dialogs app={app} restart={restart} which={asked.value} />}
      <Notices app={app} />
      <Reading />
    </div>
  );
}
