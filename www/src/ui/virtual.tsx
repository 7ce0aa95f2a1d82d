/** A list of which only the rows on the screen exist. Rows are of one height; the list is as long as it would be. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Browsers refuse elements higher than about 33 million pixels; a million rows of 28 fit. */
export function Virtual(props: {
  count: number;
  height: number;
  label: string;
  row: (index: number) => ComponentChildren;
  class?: string;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, rows: 30 });
  useEffect(() => {
    const element = box.current!;
    const look = (): void => {
      const top = Math.floor(element.scrollTop / props.height);
      const rows = Math.ceil(element.clientHeight / props.height) + 1;
      setView((old) => (old.top === top && old.rows === rows ? old : { top, rows }));
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      observer.disconnect();
    };
  }, [props.height]);
  const first = Math.max(0, Math.min(view.top, props.count - 1) - 4);
  const last = Math.min(props.count, view.top + view.rows + 4);
  const rows = [];
  for (let i = first; i < last; i++) {
    rows.push(
      <div key={i} class="virtual-row" role="listitem" style={{ top: `${i * props.height}px`, height: `${props.height}px` }}>
        {props.row(i)}
      </div>,
    );
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard
    <div ref={box} class={`virtual ${props.class ?? ""}`} tabIndex={0} role="group" aria-label={props.label}>
      <div class="virtual-inner" role={props.count > 0 ? "list" : undefined} style={{ height: `${props.count * props.height}px` }}>
        {rows}
      </div>
    </div>
  );
}
