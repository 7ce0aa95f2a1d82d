/** The list of keys, which comes when the console is there already (`key-list.tsx`). */
import type { View } from "../app.js";
import { FIRST } from "../strings.js";
import { lazy } from "./lazy.js";

const List = lazy<{ view: View }>(
  async () => (await import("./key-list.js")).KeyList,
  FIRST.keyList,
  <header>
    <h2>{FIRST.keys}</h2>
  </header>,
);

export function Keys({ view }: { view: View }) {
  return (
    <section class="keys panel" aria-label={FIRST.keyspace}>
      <List view={view} />
    </section>
  );
}
