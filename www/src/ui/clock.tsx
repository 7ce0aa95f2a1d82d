/** The clock, and what moves it. */
import { useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { type App, tell } from "../app.js";
import { T } from "../strings.js";
import { span } from "../text.js";
import { Icon } from "./icons.js";
import { Menu } from "./menu.js";

const STEPS = [1000, 60_000, 3_600_000, 86_400_000];
/** The year 9999 is the last that a field of a form takes. */
const FARTHEST = Date.UTC(9999, 11, 31);

/** The field in which a time is set. */
function Setting({ app, close }: { app: App; close: () => void }) {
  const { driver, session } = app;
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  return (
    <form
      class="setting"
      aria-label={T.setClock}
      onKeyDown={(event) => event.key === "Escape" && close()}
      onSubmit={(event) => {
        event.preventDefault();
        const to = Date.parse(`${field.current!.value}Z`);
        if (Number.isNaN(to)) return;
        if (to < session.clock.now()) tell(T.setBack, true);
        else if (to > FARTHEST) tell(T.setFar, true);
        else {
          driver.set(to);
          close();
        }
      }}
    >
      <label>
        {T.setTo}
        <input
          ref={field}
          type="datetime-local"
          step="1"
          required
          max="9999-12-30T23:59:59"
          defaultValue={new Date(session.clock.now()).toISOString().slice(0, 19)}
        />
      </label>
      <button type="submit" class="primary">
        {T.set}
      </button>
    </form>
  );
}

export function Clock({ app }: { app: App }) {
  const { driver, session } = app;
  const setting = useSignal(false);
  const now = new Date(driver.now.value);
  session.changes.value;
  const next = session.alive ? session.db.value.nextDeadline() : Number.POSITIVE_INFINITY;
  const running = driver.running.value;
  const iso = now.toISOString();
  const move = (ms: number): void => driver.step(ms);
  return (
    <div class={running ? "clock" : "clock stopped"} role="group" aria-label={T.clock}>
      <span class="what" title={T.clockTitle}>
        <Icon name="clock" /> <span>{T.clock}</span>
      </span>
      <time dateTime={iso} title={T.clockTitle}>
        <span class="date">{iso.slice(0, -14)}</span> {iso.slice(-13, -3)} <span class="zone">{T.zone}</span>
      </time>
      <button
        type="button"
        class="quiet toggle"
        onClick={() => driver.toggle()}
        aria-label={running ? T.pause : T.run}
        title={running ? T.pause : T.run}
      >
        <Icon name={running ? "pause" : "play"} />
      </button>
      <button type="button" class="quiet" onClick={() => move(1000)}>
        {T.stepNames[0]}
      </button>
      <Menu
        label={T.steps}
        class="steps"
        items={() => [
          ...STEPS.slice(1).map((ms, i) => ({ label: T.stepNames[i + 1]!, icon: "step" as const, act: () => move(ms) })),
          "line",
          { label: `${T.setClock}…`, icon: "calendar", act: () => (setting.value = true) },
          { label: T.realTime, icon: "clock", disabled: Date.now() < now.getTime(), act: () => driver.real() },
        ]}
      >
        <Icon name="down" size={12} />
      </Menu>
      <button
        type="button"
        class="quiet speed"
        onClick={() => driver.faster()}
        aria-label={T.speed(driver.speed.value)}
        title={T.speed(driver.speed.value)}
      >
        {driver.speed.value}×
      </button>
      <button
        type="button"
        class="quiet jump"
        disabled={!Number.isFinite(next)}
        title={T.nextExpiryTitle}
        onClick={() => {
          if (!driver.jump()) tell(T.nothingExpires);
        }}
      >
        <Icon name="hourglass" />
        <span>
          {T.nextExpiry}
          {Number.isFinite(next) && <small>{T.inSpan(span(next - driver.now.value))}</small>}
        </span>
      </button>
      {setting.value && (
        <Setting
          app={app}
          close={() => {
            setting.value = false;
          }}
        />
      )}
    </div>
  );
}
