/** The time line: every command of the session in order. Going back makes that moment the present; what is typed then branches off. */
import { useSignal } from "@preact/signals";
import { type App, tell } from "../app.js";
import { said } from "../text.js";

export function Timeline({ app }: { app: App }) {
  const { session, driver } = app;
  const wanted = useSignal<number | undefined>(undefined);
  const events = session.events;
  const position = wanted.value ?? session.position.value;
  const at = events[position - 1];
  const go = async (to: number): Promise<void> => {
    driver.running.value = false;
    wanted.value = to;
    await session.travel(to);
    if (wanted.value === to) wanted.value = undefined;
  };
  const branches = session.branches.value;
  return (
    <section class="timeline" aria-label="Time line">
      <button
        type="button"
        disabled={position === 0}
        title="Take the last command back"
        onClick={() => void session.travel(position - 1, session.clock.now()).then(() => tell("Taken back."))}
      >
        Undo
      </button>
      <button
        type="button"
        disabled={position >= events.length}
        title="Do it again"
        onClick={() => void session.travel(position + 1, session.clock.now())}
      >
        Redo
      </button>
      <input
        type="range"
        min={0}
        max={events.length}
        value={position}
        disabled={events.length === 0}
        aria-label="Moment of the session"
        aria-valuetext={at ? `after ${position} of ${events.length}: ${said(at.args, 80)}` : "the beginning"}
        onInput={(event) => void go(Number(event.currentTarget.value))}
      />
      <output>
        {events.length === 0 ? (
          <span class="muted">Commands will stand on this line.</span>
        ) : (
          <>
            <b>
              {position}/{events.length}
            </b>{" "}
            <code>{at ? said(at.args, 120) : "the beginning"}</code>
          </>
        )}
      </output>
      {branches.length > 0 && (
        <label>
          <span class="unseen">Branches</span>
          <select
            value=""
            onChange={(event) => {
              driver.running.value = false;
              void session.branch(Number(event.currentTarget.value));
            }}
          >
            <option value="" disabled>
              {branches.length === 1 ? "1 branch" : `${branches.length} branches`}
            </option>
            {branches.map((branch, i) => (
              <option key={i} value={i}>
                {i + 1}: {branch.length} commands, ends with {said(branch.at(-1)?.args ?? [], 40)}
              </option>
            ))}
          </select>
        </label>
      )}
    </section>
  );
}
