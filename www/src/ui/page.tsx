/** The page: lessons, consoles and the keyspace side by side, or the explorer and the keyspace; on a narrow screen one at a time. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { type App, chosen, notice, part, tell } from "../app.js";
import type { Record, Session } from "../session.js";
import { Clock } from "./clock.js";
import { Consoles } from "./consoles.js";
import { Keys } from "./keys.js";
import { Lessons } from "./lessons.js";
import { Monitor } from "./monitor.js";
import { Reading } from "./reading.js";
import { Share } from "./share.js";
import { Timeline } from "./timeline.js";
import { Viewer } from "./viewer.js";

const PARTS = [
  ["lesson", "Lessons"],
  ["console", "Console"],
  ["keys", "Keys"],
  ["explore", "Explore"],
  ["monitor", "Monitor"],
] as const;

/** What a narrow screen shows. */
export function Parts({ without = [] }: { without?: readonly string[] }) {
  return (
    <nav class="parts" aria-label="Parts of the page">
      {PARTS.filter(([id]) => !without.includes(id)).map(([id, name]) => (
        <button
          key={id}
          type="button"
          aria-current={part.value === id ? "page" : undefined}
          onClick={() => {
            part.value = id;
          }}
        >
          {name}
        </button>
      ))}
    </nav>
  );
}

export function Notices() {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notice.value && <p class={notice.value.bad ? "notice bad" : "notice"}>{notice.value.text}</p>}
    </div>
  );
}

/** The explorer, which comes when it is asked for. */
function Explored({ app }: { app: App }) {
  const [Explorer, found] = useState<ComponentType<{ app: App }>>();
  const wanted = part.value === "explore";
  useEffect(() => {
    if (!wanted || Explorer !== undefined) return;
    import("./explorer.js").then(
      (module) => found(() => module.Explorer),
      () => tell("The explorer did not load.", true),
    );
  }, [wanted]);
  return wanted && Explorer !== undefined ? <Explorer app={app} /> : null;
}

export function Page({ app, restart }: { app: App; restart: (to: Record | Session | undefined) => void }) {
  return (
    <div class={`page show-${part.value}`}>
      <header class="top">
        <h1>wakey</h1>
        <Clock app={app} />
        <button
          type="button"
          class="explore"
          aria-pressed={part.value === "explore"}
          title="Types, memory, times to live, the largest keys and names"
          onClick={() => {
            part.value = part.value === "explore" ? "console" : "explore";
          }}
        >
          Explore
        </button>
        <Share app={app} restart={restart} />
      </header>
      <main>
        <div class="column side">
          <Lessons app={app} />
        </div>
        <div class="column middle">
          <Consoles view={app} />
          <Monitor view={app} />
        </div>
        <div class="column survey">
          <Explored app={app} />
        </div>
        <div class={`column data${chosen.value === undefined ? "" : " with-viewer"}`}>
          <Keys view={app} />
          <Viewer view={app} />
        </div>
      </main>
      <Timeline app={app} />
      <Parts />
      <Notices />
      <Reading />
    </div>
  );
}
