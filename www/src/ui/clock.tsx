/** The clock, and what moves it. */
import { type App, tell } from "../app.js";
import { span } from "../text.js";

export function Clock({ app }: { app: App }) {
  const { driver, session } = app;
  const now = new Date(driver.now.value);
  session.changes.value;
  const next = session.alive ? session.db.value.nextDeadline() : Number.POSITIVE_INFINITY;
  return (
    <div class="clock" role="group" aria-label="Clock">
      <time dateTime={now.toISOString()} class={driver.running.value ? "" : "stopped"}>
        <span class="date">{now.toISOString().slice(0, 10)}</span> {now.toISOString().slice(11, 21)}
      </time>
      <button
        type="button"
        onClick={() => driver.toggle()}
        aria-label={driver.running.value ? "Pause the clock" : "Run the clock"}
        title={driver.running.value ? "Pause" : "Run"}
      >
        {driver.running.value ? "❚❚" : "▶"}
      </button>
      <button type="button" onClick={() => driver.step()} title="One second on">
        +1 s
      </button>
      <button type="button" onClick={() => driver.faster()} aria-label={`Speed: ${driver.speed.value} times`} title="Faster">
        {driver.speed.value}×
      </button>
      <button
        type="button"
        class="jump"
        disabled={!Number.isFinite(next)}
        title="To the next key or field that expires"
        onClick={() => {
          if (!driver.jump()) tell("Nothing is going to expire.");
        }}
      >
        Next expiry{Number.isFinite(next) && <small> in {span(next - driver.now.value)}</small>}
      </button>
    </div>
  );
}
