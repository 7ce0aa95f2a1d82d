/** What is said of the step that one points to: its command, and what that changed. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { App } from "../app.js";
import { type Change, changesOf } from "../moments.js";
import { DIFF } from "../strings.js";
import { readable, said, span } from "../text.js";

/** So many keys are named. */
const NAMED = 6;

const SIGNS = { added: "+", removed: "−", changed: "~" } as const;

export function Peek({ app, step, x }: { app: App; step: number; x: number }) {
  const { session } = app;
  const event = session.events[step - 1];
  const changes = useSignal<readonly Change[] | undefined>(undefined);
  useEffect(() => {
    changes.value = undefined;
    if (session.base !== undefined) return;
    let wanted = true;
    changesOf(session, step).then(
      (found) => {
        if (wanted) changes.value = found;
      },
      () => {},
    );
    return () => {
      wanted = false;
    };
  }, [event]);
  if (event === undefined) return null;
  const deed = session.deed(event);
  const found = changes.value;
  return (
    <div class="peek" style={{ "--x": `${x}px` }} role="status">
      <p>
        <b>{DIFF.stepN(step)}</b> <span class="muted">{DIFF.sinceStart(span(event.at), event.by)}</span>
      </p>
      <code class={deed}>{said(event.args, 160)}</code>
      {found && (
        <ul>
          {found.length === 0 && <li class="muted">{deed === "failed" ? DIFF.failedChange : DIFF.noChange}</li>}
          {found.slice(0, NAMED).map(({ how, key, database }) => (
            <li key={`${database} ${key}`} class={how}>
              <b aria-label={DIFF.how[how]}>{SIGNS[how]}</b> {readable(key, 40)}
              {database > 0 && <span class="muted"> {DIFF.database(database)}</span>}
            </li>
          ))}
          {found.length > NAMED && <li class="muted">{DIFF.andMore(found.length - NAMED)}</li>}
        </ul>
      )}
    </div>
  );
}
