/** What memory is spent on, as tiles: prefixes, which open, and the largest keys. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { EXPLORE } from "../strings.js";
import type { Branch, Large, Survey } from "../survey.js";
import { readable, size } from "../text.js";
import { tiles } from "../treemap.js";

const HIGH = 300;
/** A tile that is wider and higher shows what is inside: below its name, within its edge. */
const INNER = 90;
const HEAD = 24;
const EDGE = 4;
/** Prefixes that are tiles of their own, and the smallest share that is. */
const MOST = 60;
const LEAST = 0.003;

interface Part {
  name: string;
  bytes: number;
  branch?: Branch;
  key?: Large;
}

/** What is below a prefix, the largest first; what has no tile of its own is one. */
function parts(of: Branch, largest: readonly Large[]): Part[] {
  const out: Part[] = [...of.branches.values()].map((branch) => ({
    name: branch.prefix.slice(of.prefix.length),
    bytes: branch.bytes,
    branch,
  }));
  for (const key of largest)
    if (key.key.startsWith(of.prefix) && !key.key.includes(":", of.prefix.length))
      out.push({ name: key.key.slice(of.prefix.length), bytes: key.bytes, key });
  out.sort((a, b) => b.bytes - a.bytes);
  const shown = out.slice(0, MOST).filter(({ bytes }) => bytes >= of.bytes * LEAST);
  const rest = of.bytes - shown.reduce((sum, { bytes }) => sum + bytes, 0);
  if (rest > of.bytes * LEAST) shown.push({ name: EXPLORE.others, bytes: rest });
  return shown.sort((a, b) => b.bytes - a.bytes);
}

/** The branch of a prefix; the survey may be another one since it was chosen. */
function at(tree: Branch, prefix: string): Branch {
  let found = tree;
  for (let colon = prefix.indexOf(":"); colon >= 0; colon = prefix.indexOf(":", colon + 1)) {
    const next = found.branches.get(prefix.slice(0, colon + 1));
    if (next === undefined) return found;
    found = next;
  }
  return found;
}

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

const placed = ({ x, y, width, height }: Place) => ({ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });

/** What is inside a tile that has room for it: to be seen, not pressed. */
function Inner({ of, largest, place: { x, y, width, height } }: { of: Branch; largest: readonly Large[]; place: Place }) {
  return (
    <span class="inner" aria-hidden="true" style={placed({ x, y, width, height })}>
      {tiles(parts(of, largest), ({ bytes }) => bytes, width, height).map(({ of: part, x, y, width, height }) => (
        <span
          key={part.branch?.prefix ?? part.key?.key ?? ""}
          class={`area ${part.key ? `chip ${part.key.type}` : part.branch ? "prefix" : ""}`}
          style={placed({ x, y, width, height })}
        >
          {width > 46 && height > 20 && <b>{readable(part.name, 40) || '""'}</b>}
        </span>
      ))}
    </span>
  );
}

export function Treemap({ survey, choose }: { survey: Survey; choose: (key: string) => void }) {
  const prefix = useSignal("");
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(800);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(Math.max(200, box.current?.clientWidth ?? 800)));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const of = at(survey.tree, prefix.value);
  const steps = of.prefix.split(":").slice(0, -1);
  return (
    <div class="treemap-place">
      <nav aria-label={EXPLORE.path} class="crumbs">
        {["", ...steps].map((step, i) => {
          const to = steps
            .slice(0, i)
            .map((one) => `${one}:`)
            .join("");
          return (
            <button
              key={to}
              type="button"
              class="link"
              aria-current={to === of.prefix ? "true" : undefined}
              disabled={to === of.prefix}
              onClick={() => {
                prefix.value = to;
              }}
            >
              {i === 0 ? EXPLORE.all : `${readable(step, 40)}:`}
            </button>
          );
        })}
        <span class="muted">{size(of.bytes)}</span>
      </nav>
      <div ref={box} class="treemap" style={{ height: `${HIGH}px` }}>
        {tiles(parts(of, survey.order()), ({ bytes }) => bytes, width, HIGH).map(({ of: part, x, y, width, height }) => {
          const { branch, key } = part;
          const name = readable(part.name, 60) || '""';
          const says = `${name}, ${size(part.bytes)}`;
          const place = placed({ x, y, width, height });
          const roomy = branch !== undefined && width > INNER && height > INNER;
          const inside = width > 46 && height > 20 && (
            <>
              <b>{name}</b>
              {height > 36 && !roomy && <span>{size(part.bytes)}</span>}
            </>
          );
          if (branch === undefined && key === undefined)
            return (
              <div key="others" class="area" style={place} title={says}>
                {inside}
              </div>
            );
          const button = (
            <button
              key={branch ? branch.prefix : key!.key}
              type="button"
              class={`area ${key ? `chip ${key.type}` : "prefix"}`}
              style={place}
              title={says}
              aria-label={says}
              onClick={() => {
                if (branch) prefix.value = branch.prefix;
                else choose(key!.key);
              }}
            >
              {inside}
            </button>
          );
          if (!roomy) return button;
          const within = { x: x + EDGE, y: y + HEAD, width: width - 2 * EDGE, height: height - HEAD - EDGE };
          return [button, <Inner key={`${branch.prefix}…`} of={branch} largest={survey.order()} place={within} />];
        })}
      </div>
    </div>
  );
}
