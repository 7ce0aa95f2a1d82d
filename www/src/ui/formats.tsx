/** A value as lines that fold (JSON, MessagePack), as bytes in hex, and as bits that a press turns. Only rows on the screen exist. */
import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Line, lines, type Token } from "../json.js";
import { VALUE } from "../strings.js";
import { Icon } from "./icons.js";
import { Virtual } from "./virtual.js";

/** Heights of rows in pixels; as in style/viewer.css. */
const LINE = 22;
const BITS = 30;
/** Characters of a line that are shown. */
const WIDE = 2000;

/** Rows that are shown where some are folded: indexes of lines. */
function unfolded(all: readonly Line[], folded: ReadonlySet<number>): number[] {
  const out: number[] = [];
  for (let i = 0; i < all.length; i++) {
    out.push(i);
    if (folded.has(i) && all[i]!.close > i) i = all[i]!.close;
  }
  return out;
}

export function Folding({ tokens }: { tokens: () => Iterable<Token> }) {
  const all = useMemo(() => lines(tokens()), [tokens]);
  const folded = useSignal<ReadonlySet<number>>(new Set());
  useEffect(() => {
    folded.value = new Set();
  }, [all]);
  const rows = useMemo(() => unfolded(all, folded.value), [all, folded.value]);
  const inner = all.flatMap((line, i) => (line.close > i && line.depth > 0 ? [i] : []));
  const turn = (i: number): void => {
    const next = new Set(folded.value);
    if (!next.delete(i)) next.add(i);
    folded.value = next;
  };
  return (
    <>
      {inner.length > 0 && (
        <div class="fold-all">
          <button
            type="button"
            class="link"
            onClick={() => {
              folded.value = folded.value.size > 0 ? new Set() : new Set(inner);
            }}
          >
            {folded.value.size > 0 ? VALUE.unfoldAll : VALUE.foldAll}
          </button>
        </div>
      )}
      <Virtual
        class="lines"
        count={rows.length}
        height={LINE}
        label={VALUE.lines}
        row={(at) => {
          const i = rows[at]!;
          const line = all[i]!;
          const shut = folded.value.has(i) && line.close > i;
          const end = shut ? all[line.close]! : line;
          return (
            <div class="json-line" style={{ "--depth": line.depth }}>
              {line.close > i ? (
                <button type="button" class="ghost" aria-expanded={!shut} aria-label={VALUE.fold} onClick={() => turn(i)}>
                  <Icon name={shut ? "right" : "down"} size={12} />
                </button>
              ) : (
                <i class="no-fold" />
              )}
              <code>
                {line.name !== "" && (
                  <>
                    <span class="json-name">{line.name.slice(0, WIDE)}</span>
                    {": "}
                  </>
                )}
                <span class={`json-${line.kind}`}>{line.text.length > WIDE ? `${line.text.slice(0, WIDE)}…` : line.text}</span>
                {shut && (
                  <>
                    <span class="muted"> {VALUE.items(line.count, line.text === "[")} </span>
                    <span class="json-close">{end.text}</span>
                  </>
                )}
                {end.comma ? "," : ""}
              </code>
            </div>
          );
        }}
      />
    </>
  );
}

/** How wide an element is, as that changes. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(400);
  useEffect(() => {
    const observer = new ResizeObserver(() => setWidth(box.current?.clientWidth ?? 400));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  return { box, width };
}

export function Hex({ value }: { value: string }) {
  const { box, width } = useWidth();
  const wide = width > 620 ? 16 : width > 300 ? 8 : 4;
  return (
    <div ref={box} class="filled">
      <Virtual
        class="hex"
        count={Math.ceil(value.length / wide)}
        height={LINE}
        label={VALUE.hexRows}
        row={(i) => {
          const part = value.slice(i * wide, (i + 1) * wide);
          const codes = Array.from(part, (char) => char.charCodeAt(0).toString(16).padStart(2, "0"));
          return (
            <code class="hex-row">
              <span class="offset">{(i * wide).toString(16).padStart(6, "0")}</span>
              <span class="codes">{codes.join(" ").padEnd(wide * 3 - 1)}</span>
              <span class="chars">{part.replace(/[^ -~]/g, "·")}</span>
            </code>
          );
        }}
      />
    </div>
  );
}

/** `set` is there where bits can be turned. Arrows go from bit to bit. */
export function Bits({ value, set }: { value: string; set?: ((offset: number, to: number) => void) | undefined }) {
  const { box, width } = useWidth();
  const wide = width > 640 ? 4 : width > 330 ? 2 : 1;
  const bit = (byte: number, i: number): number => (value.charCodeAt(byte) >> (7 - i)) & 1;
  return (
    <div
      ref={box}
      class="filled"
      onKeyDown={(event) => {
        const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
        const all = [...box.current!.querySelectorAll<HTMLElement>("button.bit")];
        const next = all[all.indexOf(event.target as HTMLElement) + by];
        if (by === 0 || next === undefined) return;
        event.preventDefault();
        next.focus();
      }}
    >
      <Virtual
        class="bit-rows"
        count={Math.ceil(value.length / wide)}
        height={BITS}
        label={VALUE.bitRows}
        row={(row) => (
          <div class="bit-row">
            <span class="offset">{(row * wide * 8).toLocaleString("en")}</span>
            {Array.from({ length: Math.min(wide, value.length - row * wide) }, (_, at) => {
              const byte = row * wide + at;
              return (
                <span key={byte} class="byte" title={`0x${value.charCodeAt(byte).toString(16).padStart(2, "0")}`}>
                  {[0, 1, 2, 3, 4, 5, 6, 7].map((i) => {
                    const is = bit(byte, i);
                    const says = VALUE.bit(byte * 8 + i, is, byte);
                    return (
                      <button
                        key={i}
                        type="button"
                        class={`bit${is ? " one" : ""}`}
                        title={says}
                        aria-label={says}
                        disabled={set === undefined}
                        tabIndex={i === 0 && at === 0 ? 0 : -1}
                        onClick={() => set?.(byte * 8 + i, is ? 0 : 1)}
                      >
                        {is}
                      </button>
                    );
                  })}
                </span>
              );
            })}
          </div>
        )}
      />
    </div>
  );
}
