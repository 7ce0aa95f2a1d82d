/** What is left until a deadline, running. */
import type { View } from "../app.js";
import { moment } from "../life.js";
import { LIFE } from "../strings.js";
import { span } from "../text.js";

/** Milliseconds before the end from which on it is seen to go. */
const SOON = 10_000;

export function Countdown({ view, expires }: { view: View; expires: number }) {
  const left = expires - view.now.value;
  const soon = left < SOON;
  return (
    <span
      class={`countdown${soon ? " soon" : ""}`}
      style={soon ? { "--left": Math.max(left / SOON, 0).toFixed(3) } : undefined}
      title={LIFE.at(moment(expires))}
    >
      {span(left)}
    </span>
  );
}
