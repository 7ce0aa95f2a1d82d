/** The key that is chosen. What shows it comes with the first one (`inspect.tsx`), soon after the page is there. */
import { useEffect } from "preact/hooks";
import { chosen, type View } from "../app.js";
import { FIRST } from "../strings.js";
import { lazy } from "./lazy.js";

const load = async () => (await import("./inspect.js")).Inspect;
/** Milliseconds after the page is there. */
const SOON = 1500;

const Inspect = lazy(load, FIRST.view, <p class="empty">{FIRST.reading}</p>);

export function Viewer({ view }: { view: View }) {
  const name = chosen.value;
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => {}), SOON);
    return () => clearTimeout(timer);
  }, []);
  if (name === undefined) return null;
  return (
    <section class="viewer panel" aria-label={FIRST.viewer}>
      <Inspect view={view} />
    </section>
  );
}
