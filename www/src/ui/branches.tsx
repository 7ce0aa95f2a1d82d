/** The ways that events went, as a small graph: where each leaves the one that the session is on, its name, and how long it is. */
import { useSignal } from "@preact/signals";
import { type App, tell } from "../app.js";
import type { Branch, Event } from "../session.js";
import { BRANCHES } from "../strings.js";
import { said } from "../text.js";
import { Icon } from "./icons.js";

const WIDTH = 150;
const ROW = 34;

/** How many events two ways have in common. */
function common(a: readonly Event[], b: readonly Event[]): number {
  let n = 0;
  while (n < a.length && n < b.length && a[n]!.at === b[n]!.at && a[n]!.by === b[n]!.by && a[n]!.args.join("\0") === b[n]!.args.join("\0"))
    n++;
  return n;
}

function Name({ name, usual, set }: { name: string; usual: string; set: (name: string) => void }) {
  const editing = useSignal(false);
  if (!editing.value)
    return (
      <>
        <span class="title">{name || usual}</span>
        <button
          type="button"
          class="quiet"
          aria-label={BRANCHES.renameBranch(name || usual)}
          title={BRANCHES.rename}
          onClick={() => (editing.value = true)}
        >
          <Icon name="edit" size={13} />
        </button>
      </>
    );
  const done = (value: string): void => {
    editing.value = false;
    set(value.trim().slice(0, 60));
  };
  return (
    <input
      aria-label={BRANCHES.name}
      maxLength={60}
      value={name || usual}
      ref={(field) => field?.focus()}
      onKeyDown={(event) => {
        if (event.key === "Enter") done(event.currentTarget.value);
        if (event.key !== "Escape" && event.key !== "Enter") return;
        event.stopPropagation();
        editing.value = false;
      }}
      onBlur={(event) => editing.value && done(event.currentTarget.value)}
    />
  );
}

export function Branches({ app }: { app: App }) {
  const { session, driver } = app;
  const here: Branch = { name: session.branchName.value, events: [...session.events] };
  const ways = session.branches.value.map((branch) => ({ ...branch, from: common(branch.events, here.events) }));
  const longest = Math.max(here.events.length, ...ways.map(({ events }) => events.length), 1);
  const x = (n: number): number => 8 + (n / longest) * (WIDTH - 16);
  const y = (row: number): number => row * ROW + ROW / 2;
  const usual = (events: readonly Event[], from: number): string => said(events[from]?.args ?? events.at(-1)?.args ?? [], 40);
  const first = Math.min(...ways.map(({ from }) => from));
  return (
    <div class="branches" role="group" aria-label={BRANCHES.title}>
      <svg width={WIDTH} height={(ways.length + 1) * ROW} aria-hidden="true">
        <path class="here" d={`M${x(0)} ${y(0)}H${x(here.events.length)}`} />
        <circle class="here" cx={x(session.position.value)} cy={y(0)} r="4.5" />
        {ways.map(({ events, from }, i) => (
          <g key={i}>
            <path
              d={`M${x(from)} ${y(0)}C${x(from) + 4} ${y(i + 1)} ${x(from)} ${y(i + 1)} ${Math.max(x(from) + 10, x(events.length))} ${y(i + 1)}`}
            />
            <circle cx={Math.max(x(from) + 10, x(events.length))} cy={y(i + 1)} r="3.5" />
          </g>
        ))}
      </svg>
      <ol>
        <li aria-current="true">
          <Name name={here.name} usual={usual(here.events, first)} set={(name) => session.rename(undefined, name)} />
          <span class="muted">{BRANCHES.thisBranch}</span>
        </li>
        {ways.map(({ name, events, from }, i) => (
          <li key={i}>
            <Name name={name} usual={usual(events, from)} set={(to) => session.rename(i, to)} />
            <span class="muted">{BRANCHES.commands(events.length)}</span>
            <button
              type="button"
              onClick={() => {
                driver.running.value = false;
                session.branch(i).catch((error: Error) => tell(`${session.base?.file.name}: ${error.message}`, true));
              }}
            >
              {BRANCHES.switchTo}
            </button>
          </li>
        ))}
      </ol>
    </div>
  );
}
