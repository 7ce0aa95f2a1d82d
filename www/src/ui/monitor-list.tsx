/** The commands as they come, with the time each took; memory, and commands a second. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { View } from "../app.js";
import { said, size } from "../text.js";
import { Virtual } from "./virtual.js";

/** Samples in a chart, and milliseconds between two. */
const SAMPLES = 90;
const PERIOD = 1000;

function Chart({ values, label, shown }: { values: number[]; label: string; shown: string }) {
  const high = Math.max(...values, 1);
  const points = values.map((value, i) => `${((i + SAMPLES - values.length) / (SAMPLES - 1)) * 120},${27 - (value / high) * 24}`);
  return (
    <figure class="chart">
      <figcaption>
        {label} <b>{shown}</b>
      </figcaption>
      <svg viewBox="0 0 120 28" preserveAspectRatio="none" role="img" aria-label={`${label}: ${shown}`}>
        {points.length > 1 && <polyline points={points.join(" ")} />}
      </svg>
    </figure>
  );
}

export function Charts({ view }: { view: View }) {
  const samples = useSignal<{ memory: number[]; rate: number[] }>({ memory: [], rate: [] });
  useEffect(() => {
    let last = view.counted;
    const timer = setInterval(() => {
      const used = view.memory();
      const count = view.counted;
      const passed = count - last;
      last = count;
      if (used === undefined || document.hidden) return;
      const { memory, rate } = samples.value;
      samples.value = {
        memory: [...memory.slice(1 - SAMPLES), used],
        rate: [...rate.slice(1 - SAMPLES), (passed * 1000) / PERIOD],
      };
    }, PERIOD);
    return () => clearInterval(timer);
  }, [view, samples]);
  const { memory, rate } = samples.value;
  return (
    <div class="charts">
      <Chart values={memory} label="Memory" shown={memory.length > 0 ? size(memory.at(-1)!) : "…"} />
      <Chart values={rate} label="Commands a second" shown={String(Math.round(rate.at(-1) ?? 0))} />
    </div>
  );
}

/** Browsers tell the time to a hundred microseconds, to five where a page is isolated by its headers. */
function micros(n: number): string {
  const least = crossOriginIsolated ? 5 : 100;
  return n < least ? `< ${least} µs` : `${Math.round(n).toLocaleString("en")} µs`;
}

export function MonitorList({ view }: { view: View }) {
  const entries = view.monitor;
  return (
    <>
      <header>
        <h2>Monitor</h2>
        <Charts view={view} />
      </header>
      {entries.length === 0 ? (
        <p class="empty">Every command is told here, with the microseconds it took.</p>
      ) : (
        <Virtual
          count={entries.length}
          height={26}
          label="Commands, the latest first"
          row={(i) => {
            const entry = entries[entries.length - 1 - i]!;
            return (
              <div class={`entry${entry.failed ? " failed" : ""}`}>
                <span class="muted">{(entry.at / 1000).toFixed(2)}</span>
                <span class="by">{entry.by}</span>
                <code>{said(entry.args, 200)}</code>
                {entry.micros !== undefined && <span class="micros">{micros(entry.micros)}</span>}
              </div>
            );
          }}
        />
      )}
    </>
  );
}
