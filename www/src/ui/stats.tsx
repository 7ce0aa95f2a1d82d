/** Memory, keys and commands a second, as they were in the last minutes. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import type { View } from "../app.js";
import { MONITOR } from "../strings.js";
import { size } from "../text.js";

/** Samples in a chart, milliseconds between two, and how many there must be. */
const SAMPLES = 120;
const PERIOD = 1000;
const ENOUGH = 5;
/** Height of a chart, and the room at its left for numbers, in pixels. */
const HIGH = 92;
const LEFT = 58;
const TOP = 8;
const BOTTOM = 8;

export interface Samples {
  memory: number[];
  keys: number[];
  rate: number[];
}

/** Samples as they come, also while nobody looks. */
export function useSamples(view: View): { value: Samples } {
  const samples = useSignal<Samples>({ memory: [], keys: [], rate: [] });
  useEffect(() => {
    let last = view.counted;
    const timer = setInterval(() => {
      const used = view.memory();
      const count = view.counted;
      const passed = count - last;
      last = count;
      if (used === undefined || document.hidden) return;
      const { memory, keys, rate } = samples.value;
      const more = (old: number[], one: number): number[] => [...old.slice(1 - SAMPLES), one];
      samples.value = {
        memory: more(memory, used),
        keys: more(keys, view.keyspace.count.peek()),
        rate: more(rate, (passed * 1000) / PERIOD),
      };
    }, PERIOD);
    return () => clearInterval(timer);
  }, [view, samples]);
  return samples;
}

/** A number at least as large as `n`, with one digit before its zeros. */
function above(n: number): number {
  if (n <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(n));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= n)!;
}

function Chart({
  values,
  label,
  unit,
  least = 0,
}: {
  values: readonly number[];
  label: string;
  unit: (n: number) => string;
  least?: number;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(320);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(Math.max(160, box.current?.clientWidth ?? 320)));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const high = Math.max(least, above(Math.max(...values) - least) + least);
  const across = (i: number): number => LEFT + (i / (SAMPLES - 1)) * (width - LEFT - 4);
  const down = (value: number): number => TOP + (1 - (value - least) / (high - least || 1)) * (HIGH - TOP - BOTTOM);
  const line = values.map((value, i) => `${across(i).toFixed(1)} ${down(value).toFixed(1)}`).join("L");
  const now = values.at(-1) ?? 0;
  const grid = [least, (least + high) / 2, high];
  return (
    <figure class="chart">
      <figcaption>
        {label} <b>{unit(now)}</b>
      </figcaption>
      <div ref={box}>
        <svg width={width} height={HIGH} role="img" aria-label={`${label}: ${unit(now)}`}>
          {grid.map((value) => (
            <g key={value}>
              <path class="grid" d={`M${LEFT} ${down(value)}H${width}`} />
              <text x={LEFT - 8} y={down(value) + 3.5} text-anchor="end">
                {unit(value)}
              </text>
            </g>
          ))}
          <path class="area-under" d={`M${across(0)} ${down(least)}L${line}L${across(values.length - 1)} ${down(least)}Z`} />
          <path class="line-over" d={`M${line}`} />
        </svg>
      </div>
    </figure>
  );
}

/** A round number below all of them, where they are close together. */
function below(values: readonly number[]): number {
  const low = Math.min(...values);
  const spread = Math.max(...values) - low;
  if (spread > low * 0.5) return 0;
  const power = 10 ** Math.floor(Math.log10(Math.max(1, low / 10)));
  return Math.floor(low / power) * power - power;
}

export function Stats({ samples }: { samples: Samples }) {
  const { memory, keys, rate } = samples;
  if (memory.length < ENOUGH) return <p class="empty">{MONITOR.collecting}</p>;
  const whole = (n: number): string => Math.round(n).toLocaleString("en", { notation: n >= 100_000 ? "compact" : "standard" });
  return (
    <div class="scroll stats">
      <Chart values={rate} label={MONITOR.rate} unit={(n) => (n < 10 && n % 1 !== 0 ? n.toFixed(1) : whole(n))} />
      <Chart values={memory} label={MONITOR.memory} unit={size} least={Math.max(0, below(memory))} />
      <Chart values={keys} label={MONITOR.keys} unit={(n) => (n < 10 && n % 1 !== 0 ? n.toFixed(1) : whole(n))} />
    </div>
  );
}
