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
    await travel(to);
    if (wanted.value === to) wanted.value = undefined;
  };
  const travel = async (to: number, now?: number): Promise<boolean> => {
    try {
      await session.travel(to, now);
      return true;
    } catch (error) {
      tell(`${session.base?.file.name}: ${(error as Error).message}`, true);
      return false;
    }
  };
  // A session on a file reads it once more for each journey: not while the hand is still on its way.
  const slow = session.base !== undefined;
  const beginning = session.base === undefined ? "the beginning" : `${session.base.file.name}, as it was read`;
  const branches = session.branches.value;
  return (
    <section class="timeline" aria-label="Time line">
      <button
        type="button"
        disabled={position === 0}
        title="Take the last command back"
        onClick={async () => (await travel(position - 1, session.clock.now())) && tell("Taken back.")}
      >
        Undo
      </button>
      <button
        type="button"
        disabled={position >= events.length}
        title="Do it again"
        onClick={() => void travel(position + 1, session.clock.now())}
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
        aria-valuetext={at ? `after ${position} of ${events.length}: ${said(at.args, 80)}` : beginning}
        onInput={(event) => {
          const to = Number(event.currentTarget.value);
          if (slow) wanted.value = to;
          else void go(to);
        }}
        onChange={(event) => slow && void go(Number(event.currentTarget.value))}
      />
      <output>
        {events.length === 0 ? (
          <span class="muted">{slow ? `${beginning}; commands will stand on this line.` : "Commands will stand on this line."}</span>
        ) : (
          <>
            <b>
              {position}/{events.length}
            </b>{" "}
            <code>{at ? said(at.args, 120) : beginning}</code>
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
              void session
                .branch(Number(event.currentTarget.value))
                .catch((error: Error) => tell(`${session.base?.file.name}: ${error.message}`, true));
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
