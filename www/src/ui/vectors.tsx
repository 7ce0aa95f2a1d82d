/** A vector set: its elements with their vectors as bars, their attributes, and what is nearest to one. */
import { useSignal } from "@preact/signals";
import { SHAPES, VECTORS } from "../strings.js";
import { readable } from "../text.js";
import { Acts, Add, numbers, Remove, Value } from "./edits.js";
import { Icon } from "./icons.js";
import { list, MOST, pairs, ROW, type Shown, text } from "./shown.js";
import { Virtual } from "./virtual.js";

/** How many are shown as the nearest to one. */
const NEAREST = 8;

/** Quantisations as VINFO tells them, and what VADD must say to add to such a set. */
const OPTIONS: { [quantisation: string]: string } = { f32: "NOQUANT", int8: "Q8", bin: "BIN" };

/** A vector as bars, up for what is positive. Of more numbers than `most`, each bar is the largest of its neighbours. */
function Bars({ vector, most }: { vector: readonly number[]; most: number }) {
  const wide = Math.max(1, Math.ceil(vector.length / most));
  const bars: number[] = [];
  for (let i = 0; i < vector.length; i += wide)
    bars.push(vector.slice(i, i + wide).reduce((most, one) => (Math.abs(one) > Math.abs(most) ? one : most)));
  const high = bars.reduce((most, one) => Math.max(most, Math.abs(one)), 0) || 1;
  const path = (sign: number): string =>
    bars.map((one, i) => (one * sign > 0 ? `M${i} 1h.85v${(-one / high).toFixed(3)}h-.85z` : "")).join("");
  return (
    <svg class="bars" viewBox={`0 0 ${bars.length} 2`} preserveAspectRatio="none" role="img" aria-label={VECTORS.dimensions(vector.length)}>
      <path class="up" d={path(1)} />
      <path class="down" d={path(-1)} />
    </svg>
  );
}

/** What is nearest to an element, the nearest first. */
function Nearest({ view, name, element, go }: Shown & { element: string; go: (element?: string) => void }) {
  const found = list(view.keyspace.ask("VSIM", name, "ELE", element, "COUNT", NEAREST + 1, "WITHSCORES", "WITHATTRIBS"));
  const others = found.filter((one) => text(list(one)[0]) !== element).slice(0, NEAREST);
  return (
    <section class="nearest" aria-label={`${VECTORS.nearest} ${readable(element, 60)}`}>
      <header>
        <h3>
          {VECTORS.nearest} <b>{readable(element, 60)}</b>
        </h3>
        <button type="button" class="ghost" onClick={() => go()} aria-label={VECTORS.all} title={VECTORS.all}>
          <Icon name="close" size={14} />
        </button>
      </header>
      <Bars vector={list(view.keyspace.ask("VEMB", name, element)).map(Number)} most={256} />
      {others.length === 0 && <p class="muted">{VECTORS.alone}</p>}
      {others.map((one) => {
        const [found, what] = list(one);
        const [score, attributes] = list(what);
        const other = text(found);
        return (
          <div class="pair score" key={other}>
            <i class="bar" style={{ width: `${Math.max(0, Math.min(1, Number(score))) * 100}%` }} />
            <button type="button" class="field edit" title={VECTORS.near} onClick={() => go(other)}>
              {readable(other, 100)}
            </button>
            <span class="attributes">{attributes === null ? "" : readable(text(attributes), 100)}</span>
            <span class="index">{Number(score).toFixed(4)}</span>
          </div>
        );
      })}
    </section>
  );
}

export function VectorView(shown: Shown) {
  const { view, name, edit } = shown;
  const near = useSignal<string | undefined>(undefined);
  const info = pairs(view.keyspace.ask("VINFO", name));
  const elements = list(view.keyspace.ask("VRANGE", name, "-", "+", MOST)).map(text);
  const quantisation = text(info["quant-type"]);
  const form = VECTORS.forms[quantisation as keyof typeof VECTORS.forms] ?? "";
  const option = OPTIONS[quantisation] ?? "Q8";
  const count = Number(info["size"] ?? elements.length);
  const from = Number(info["projection-input-dim"] ?? 0);
  const reduced = from > 0 ? ["REDUCE", text(info["vector-dim"])] : [];
  const facts = [
    `${VECTORS.elements(count)}${elements.length < count ? VECTORS.first(elements.length) : ""}`,
    VECTORS.of(Number(text(info["vector-dim"])), from),
    form,
    VECTORS.with(text(info["attributes-count"])),
    `M ${text(info["hnsw-m"])}`,
  ];
  const go = (element?: string): void => {
    near.value = element;
  };
  const chosen = near.value !== undefined && view.keyspace.ask("VISMEMBER", name, near.value) ? near.value : undefined;
  return (
    <>
      <div class="tools bar">
        <span class="muted">{facts.filter((fact) => fact !== "").join(" · ")}</span>
      </div>
      {chosen !== undefined ? (
        <Nearest {...shown} element={chosen} go={go} />
      ) : (
        <Virtual
          count={elements.length}
          height={ROW}
          label={SHAPES.elements}
          print={(i) => ({ name: elements[i]!, shows: text(view.keyspace.ask("VGETATTR", name, elements[i]!)), keyed: true })}
          row={(i) => {
            const element = elements[i]!;
            const attributes = view.keyspace.ask("VGETATTR", name, element);
            const what = readable(element, 100);
            return (
              <div class="pair vector">
                <button type="button" class="field edit" title={VECTORS.near} onClick={() => go(element)}>
                  {what}
                </button>
                <Bars vector={list(view.keyspace.ask("VEMB", name, element)).map(Number)} most={48} />
                <Value
                  value={attributes ? text(attributes) : "{}"}
                  look={attributes ? "value" : "value none"}
                  label={VECTORS.attributes(what)}
                  change={(to) => edit("VSETATTR", name, element, to === "{}" ? "" : to)}
                />
                <Acts>
                  <Remove what={what} remove={() => edit("VREM", name, element)} />
                </Acts>
              </div>
            );
          }}
        />
      )}
      <Add
        fields={["element", "vector: 0.1, 0.2, …"]}
        actions={{ [SHAPES.add]: (element, vector) => edit("VADD", name, ...reduced, ...numbers(vector!), element!, option) }}
      />
    </>
  );
}
