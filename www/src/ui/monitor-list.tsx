/** The panel below the consoles: the commands as they come, charts, messages, and scripts. */
import { useComputed, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { tool, type View } from "../app.js";
import type { Entry } from "../session.js";
import { MONITOR } from "../strings.js";
import { quoted, said, typed } from "../text.js";
import { copy } from "./copy.js";
import { openCode } from "./data-dialogs.js";
import { Icon } from "./icons.js";
import { lazy } from "./lazy.js";
import { atPrompt } from "./prompt.js";
import { PubSub, usePubSub } from "./pubsub.js";
import { Stats, useSamples } from "./stats.js";
import { Virtual } from "./virtual.js";
import "../style/tools.css";

const ROW = 28;
const Script = lazy<{ view: View }>(async () => (await import("./script.js")).Script, MONITOR.script);

/** Browsers tell the time to a hundred microseconds, to five where a page is isolated by its headers. */
function micros(n: number): string {
  const least = crossOriginIsolated ? 5 : 100;
  return n < least ? `< ${least} µs` : n < 10_000 ? `${Math.round(n).toLocaleString("en")} µs` : `${(n / 1000).toFixed(1)} ms`;
}

function Line({ view, entry }: { view: View; entry: Entry }) {
  const line = said(entry.args, 300);
  return (
    <div class={`entry${entry.failed ? " failed" : ""}`}>
      <span class="muted">{(entry.at / 1000).toFixed(2)}</span>
      <span class="by" title={MONITOR.by(entry.by)}>
        {entry.by}
      </span>
      <button type="button" class="again" title={MONITOR.again} onClick={() => atPrompt(entry.args)}>
        <code>{line}</code>
      </button>
      {entry.micros !== undefined && (
        <span class="micros" title={MONITOR.engine}>
          {micros(entry.micros)}
        </span>
      )}
      <span class="acts">
        <button
          type="button"
          class="ghost"
          aria-label={MONITOR.copy}
          title={MONITOR.copy}
          onClick={() => void copy(entry.args.map(quoted).join(" "), MONITOR.command)}
        >
          <Icon name="copy" size={14} />
        </button>
        <button
          type="button"
          class="ghost"
          aria-label={MONITOR.code}
          title={MONITOR.code}
          onClick={() => openCode(view, { commands: [entry.args] })}
        >
          <Icon name="code" size={14} />
        </button>
      </span>
    </div>
  );
}

function Commands({ view }: { view: View }) {
  const wanted = useSignal("");
  const failed = useSignal(false);
  /** What was there when it was paused, and the last that was cleared. */
  const paused = useSignal<readonly Entry[] | undefined>(undefined);
  const cleared = useSignal(0);
  const now = view.monitor;
  const all = paused.value ?? now;
  const filter = typed(wanted.value.toLowerCase());
  const shown =
    filter === "" && !failed.value && cleared.value === 0
      ? all
      : all.filter(
          (entry) =>
            entry.n > cleared.value &&
            (!failed.value || entry.failed) &&
            (filter === "" || entry.by === filter || entry.args.join(" ").toLowerCase().includes(filter)),
        );
  const missed = paused.value === undefined ? 0 : (now.at(-1)?.n ?? 0) - (paused.value.at(-1)?.n ?? 0);
  return (
    <>
      <div class="tools bar">
        <input
          type="search"
          placeholder={MONITOR.filter}
          aria-label={MONITOR.filterLabel}
          value={wanted.value}
          onInput={(event) => {
            wanted.value = event.currentTarget.value;
          }}
        />
        <button
          type="button"
          aria-pressed={failed.value}
          onClick={() => {
            failed.value = !failed.value;
          }}
        >
          {MONITOR.failed}
        </button>
        <span class="grow" />
        <button
          type="button"
          aria-pressed={paused.value !== undefined}
          onClick={() => {
            paused.value = paused.value === undefined ? [...now] : undefined;
          }}
        >
          <Icon name={paused.value === undefined ? "pause" : "play"} size={14} />
          {paused.value === undefined ? MONITOR.pause : MONITOR.resume(missed)}
        </button>
        <button
          type="button"
          disabled={shown.length === 0}
          onClick={() => {
            cleared.value = now.at(-1)?.n ?? 0;
            if (paused.value !== undefined) paused.value = [];
          }}
        >
          {MONITOR.clear}
        </button>
      </div>
      {shown.length === 0 ? (
        <p class="empty">{filter !== "" || failed.value ? MONITOR.noMatch : MONITOR.empty}</p>
      ) : (
        <Virtual
          count={shown.length}
          height={ROW}
          label={MONITOR.latest}
          row={(i) => <Line view={view} entry={shown[shown.length - 1 - i]!} />}
        />
      )}
    </>
  );
}

type Tab = keyof typeof MONITOR.tabs;
export function MonitorList({ view }: { view: View }) {
  const samples = useSamples(view);
  usePubSub(view);
  // The engine's first commands are slow: it is compiled as it runs.
  useEffect(() => void view.warm?.(), [view]);
  const large = useComputed(() => tool.value === "script").value;
  const tabs = (Object.keys(MONITOR.tabs) as Tab[]).filter((one) => one !== "pubsub" || view.listen !== undefined);
  return (
    <div class={`tools-panel${large ? " large" : ""}`}>
      <header>
        <div
          class="segments"
          role="tablist"
          aria-label={MONITOR.tools}
          onKeyDown={(event) => {
            const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
            if (by === 0) return;
            tool.value = tabs[(tabs.indexOf(tool.value) + by + tabs.length) % tabs.length]!;
            document.getElementById(`tool-${tool.value}`)?.focus();
          }}
        >
          {tabs.map((one) => (
            <button
              key={one}
              id={`tool-${one}`}
              type="button"
              role="tab"
              aria-selected={tool.value === one}
              aria-controls="tool"
              tabIndex={tool.value === one ? 0 : -1}
              onClick={() => {
                tool.value = one;
              }}
            >
              {MONITOR.tabs[one]}
            </button>
          ))}
        </div>
      </header>
      <div id="tool" class="tool" role="tabpanel" aria-labelledby={`tool-${tool.value}`}>
        {tool.value === "monitor" ? (
          <Commands view={view} />
        ) : tool.value === "script" ? (
          <Script view={view} />
        ) : tool.value === "pubsub" ? (
          <PubSub view={view} />
        ) : (
          <Stats samples={samples.value} />
        )}
      </div>
    </div>
  );
}
