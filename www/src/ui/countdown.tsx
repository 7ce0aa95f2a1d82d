/** What is left until a deadline, running. */
import type { View } from "../app.js";
import { moment } from "../life.js";
import { LIFE } from "../strings.js";
import { span } from "../text.js";

export function Countdown({ view, expires }: { view: View; expires: number }) {
  const left = expires - view.now.value;
  return (
    <span class={`countdown${left < 10_000 ? " soon" : ""}`} title={LIFE.at(moment(expires))}>
      {span(left)}
    </span>
  );
}
