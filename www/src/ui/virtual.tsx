/** A list of which only the rows on the screen exist. Rows are of one height; the list is as long as it would be. */
import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { FADE, type Ghost, isStill, Motion, type Print } from "./motion.js";

/** Rows beyond the screen, above and below. */
const BEYOND = 4;

/** Arrows, Home and End go from row to row: to the first button of each. */
function step(event: KeyboardEvent, box: HTMLElement): void {
  const row = (event.target as HTMLElement).closest<HTMLElement>(".virtual-row");
  if (row === null || /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName)) return;
  const next = event.key === "ArrowDown" ? row.nextElementSibling : event.key === "ArrowUp" ? row.previousElementSibling : null;
  if (next === null) return;
  const column = [...row.querySelectorAll("button")].indexOf(event.target as HTMLButtonElement);
  const buttons = next.querySelectorAll("button");
  const button = buttons[column] ?? buttons[0];
  if (button === undefined) return;
  event.preventDefault();
  button.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  box.dispatchEvent(new Event("scroll"));
}

/**
 * Browsers refuse elements higher than about 33 million pixels; a million rows of 28 fit. `reveal` is a row that comes into view. With
 * `print` one sees what changes (`motion.ts`); `fresh`: the list was empty before; `quiet`: not all of it has come yet; `total`: how much
 * there is of what is listed, where rows are not all of it;
 * `ghost`: what stands for a row that is gone, while one sees it go.
 */
export function Virtual(props: {
  count: number;
  height: number;
  label: string;
  row: (index: number) => ComponentChildren;
  class?: string;
  reveal?: number | undefined;
  print?: (index: number) => Print;
  fresh?: boolean;
  quiet?: boolean;
  total?: number;
  ghost?: (name: string) => ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, rows: 30 });
  const { reveal = -1 } = props;
  const wanted = useRef(reveal);
  wanted.current = reveal;
  useEffect(() => {
    const element = box.current!;
    const look = (): void => {
      const top = Math.floor(element.scrollTop / props.height);
      const rows = Math.ceil(element.clientHeight / props.height) + 1;
      setView((old) => (old.top === top && old.rows === rows ? old : { top, rows }));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    let height = element.clientHeight;
    const observer = new ResizeObserver(() => {
      // What is chosen stays in view where the list gets lower.
      if (element.clientHeight < height) show(element, wanted.current, props.height);
      height = element.clientHeight;
      look();
    });
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [props.height]);
  useEffect(() => show(box.current!, reveal, props.height), [reveal, props.height]);
  const first = Math.max(0, Math.min(view.top, props.count - 1) - BEYOND);
  const last = Math.min(props.count, view.top + view.rows + BEYOND);
  const motion = useMemo(() => new Motion(props.fresh === true), []);
  const prints: Print[] = [];
  if (props.print) for (let i = first; i < last; i++) prints.push(props.print(i));
  const { names, gone } = props.print ? motion.draw(prints, first, props.total ?? props.count, props.quiet) : { names: [], gone: [] };
  const ghosts = useGhosts(props.ghost ? gone : []);
  const at = (i: number): { [name: string]: string } => ({ top: `${i * props.height}px`, height: `${props.height}px` });
  const rows = [];
  for (let i = first; i < last; i++) {
    const name = names[i - first];
    rows.push(
      <div
        key={prints[i - first]?.keyed ? `row ${name}` : i}
        class={`virtual-row${name === undefined ? "" : motion.of(name)}`}
        role="listitem"
        style={at(i)}
      >
        {props.row(i)}
      </div>,
    );
  }
  return (
    <div
      ref={box}
      class={`virtual ${props.class ?? ""}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard
      tabIndex={0}
      role="group"
      aria-label={props.label}
      onKeyDown={(event) => step(event, event.currentTarget)}
    >
      <div class="virtual-inner" role={props.count > 0 ? "list" : undefined} style={{ height: `${props.count * props.height}px` }}>
        {rows}
        {ghosts.map(({ name, at: i }) => (
          <div key={`gone ${name}`} class="virtual-row gone" aria-hidden="true" style={at(i)}>
            {props.ghost?.(name)}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Rows that are gone, for as long as one sees them go. */
function useGhosts(gone: readonly Ghost[]): readonly Ghost[] {
  const [, draw] = useState(0);
  const shown = useRef<readonly Ghost[]>([]);
  if (gone.length > 0 && !isStill()) {
    shown.current = [...shown.current, ...gone];
    // Not as an effect, of which only the last is sure to come: each goes when its time is over.
    setTimeout(() => {
      shown.current = shown.current.filter((ghost) => !gone.includes(ghost));
      draw((n) => n + 1);
    }, FADE);
  }
  return shown.current;
}

function show(element: HTMLElement, row: number, height: number): void {
  if (row < 0) return;
  const top = row * height;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + height > element.scrollTop + element.clientHeight) element.scrollTop = top + height - element.clientHeight;
}
