/** The line between two parts, which moves: with the pointer, or with the arrow keys. A double click gives back the usual size. */
import { bounds, resize, type Sized, sizeOf } from "../layout.js";

/** Pixels of an arrow key. */
const STEP = 24;

/** `after`: the part that is sized lies behind the line, and grows as it moves back. */
export function Split({ of, label, along, after = false }: { of: Sized; label: string; along: "x" | "y"; after?: boolean }) {
  const { least, most } = bounds(of);
  const now = sizeOf(of);
  const sign = after ? -1 : 1;
  const place = (event: PointerEvent): number => (along === "x" ? event.clientX : event.clientY);
  return (
    <div
      class={`split ${along}`}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={along === "x" ? "vertical" : "horizontal"}
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={now}
      onDblClick={() => resize(of)}
      onKeyDown={(event) => {
        const back = along === "x" ? "ArrowLeft" : "ArrowUp";
        const on = along === "x" ? "ArrowRight" : "ArrowDown";
        if (event.key === back) resize(of, now - sign * STEP);
        else if (event.key === on) resize(of, now + sign * STEP);
        else if (event.key === "Home") resize(of, least);
        else if (event.key === "End") resize(of, most);
        else if (event.key === "Enter") resize(of);
        else return;
        event.preventDefault();
      }}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.preventDefault();
        const line = event.currentTarget;
        const from = place(event);
        line.setPointerCapture(event.pointerId);
        line.focus({ preventScroll: true });
        line.classList.add("moving");
        const move = (to: PointerEvent): void => resize(of, now + sign * (place(to) - from));
        const end = (): void => {
          line.classList.remove("moving");
          line.removeEventListener("pointermove", move);
        };
        line.addEventListener("pointermove", move);
        line.addEventListener("lostpointercapture", end, { once: true });
      }}
    />
  );
}
