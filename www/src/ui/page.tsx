/** The page: lessons, consoles and the keyspace side by side; on a narrow screen one at a time. */
import { type App, chosen, notice, part } from "../app.js";
import type { Record } from "../session.js";
import { Clock } from "./clock.js";
import { Consoles } from "./consoles.js";
import { Keys } from "./keys.js";
import { Lessons } from "./lessons.js";
import { Monitor } from "./monitor.js";
import { Share } from "./share.js";
import { Timeline } from "./timeline.js";
import { Viewer } from "./viewer.js";

const PARTS = [
  ["lesson", "Lessons"],
  ["console", "Console"],
  ["keys", "Keys"],
  ["monitor", "Monitor"],
] as const;

/** What a narrow screen shows. */
export function Parts({ without }: { without?: "lesson" }) {
  return (
    <nav class="parts" aria-label="Parts of the page">
      {PARTS.filter(([id]) => id !== without).map(([id, name]) => (
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

export function Page({ app, restart }: { app: App; restart: (record: Record | undefined) => void }) {
  return (
    <div class={`page show-${part.value}`}>
      <header class="top">
        <h1>wakey</h1>
        <Clock app={app} />
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
        <div class={`column data${chosen.value === undefined ? "" : " with-viewer"}`}>
          <Keys view={app} />
          <Viewer view={app} />
        </div>
      </main>
      <Timeline app={app} />
      <Parts />
      <Notices />
    </div>
  );
}
