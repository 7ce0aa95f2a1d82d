/** The panel below the consoles, which comes after them (`monitor-list.tsx`). */
import type { View } from "../app.js";
import { FIRST } from "../strings.js";
import { lazy } from "./lazy.js";

const Tools = lazy<{ view: View }>(
  async () => (await import("./monitor-list.js")).MonitorList,
  FIRST.tools,
  <header>
    <h2>{FIRST.monitor}</h2>
  </header>,
);

export function Monitor({ view }: { view: View }) {
  return (
    <section class="monitor panel" aria-label={FIRST.monitor}>
      <Tools view={view} />
    </section>
  );
}
