/** The consoles: in tabs or side by side, all on the one keyspace, each a session of its own. */
import "wakey/console";
import { effect, signal, useSignal } from "@preact/signals";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { WakeyConsole } from "wakey/console";
import { drafted, part, tell, tool, type View } from "../app.js";
import { isClosed, toggle } from "../layout.js";
import { T } from "../strings.js";
import { Greeting } from "./greeting.js";
import { narrow } from "./header.js";
import { Icon } from "./icons.js";

/** So many at a time. */
const MOST = 6;

const elements = new Map<string, WakeyConsole>();
export const active = signal("c1");

/** The console that was used last. */
export function current(): WakeyConsole | undefined {
  return elements.get(active.value) ?? [...elements.values()][0];
}

/** Runs a line in the console that was used last. */
export function offer(line: string): void {
  const element = current();
  if (element === undefined) {
    tell(T.noConsole, true);
    return;
  }
  if (part.value !== "lesson") part.value = "console";
  void element.run([line]);
}

/** Puts a line at its prompt. */
export function put(line: string): void {
  if (part.value !== "lesson") part.value = "console";
  current()?.offer(line);
}

/** A console that is to be there, beside the others. */
const needed = signal<string | undefined>(undefined);
/** Milliseconds that a line may run before what comes after it does not wait any longer: some wait for others. */
const PATIENCE = 250;

/** Runs a line in the console of that number, which is made where it is missing. Resolves when it has run, or waits. */
export async function offerIn(n: number, line: string): Promise<void> {
  const id = `c${n}`;
  if (narrow()) active.value = id;
  if (!elements.has(id)) needed.value = id;
  const give = (): Promise<void> => new Promise((done) => requestAnimationFrame(() => done()));
  while (!elements.has(id)) await give();
  const element = elements.get(id)!;
  element.connect();
  while (element.isConnected && element.sessionId === undefined) await give();
  await Promise.race([element.run([line]), new Promise((done) => setTimeout(done, PATIENCE))]);
}

/** Puts many lines where they can be looked at and changed before they run. */
function toScript(text: string): void {
  drafted.value = text;
  tool.value = "script";
  if (narrow()) part.value = "monitor";
  else if (isClosed("monitor")) toggle("monitor", false);
}

/** A keyboard is there, and nothing else has it. */
function mayFocus(): boolean {
  return matchMedia("(pointer: fine)").matches && (document.activeElement === null || document.activeElement === document.body);
}

/** What was shared is read from its beginning: there are its title and its note. */
function toTop(element: WakeyConsole): void {
  const log = element.shadowRoot?.querySelector('[part="log"]');
  if (log) log.scrollTop = 0;
}

function Pane(props: { view: View; id: string; name: string; hidden: boolean; tabbed: boolean; alone: boolean }) {
  const { view, id, name, hidden, tabbed, alone } = props;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = document.createElement("wakey-console");
    element.setAttribute("aria-label", T.commandFor(name));
    element.setAttribute("theme", "dark");
    // What is inside it is no line to be run.
    element.setAttribute("commands", "");
    if (!alone) element.elsewhere = { label: T.toScript, open: toScript };
    elements.set(id, element);
    const greeting = document.createElement("div");
    greeting.slot = "greeting";
    if (id === "c1") {
      render(<Greeting view={view} />, greeting);
      element.append(greeting);
    }
    const end = view.connect(element, id);
    place.current!.append(element);
    const spoken = view.spoken?.(id);
    const fade = (): void => element.fade((stamp) => view.happened?.(stamp) === false);
    if (spoken)
      void element.recall(spoken).then(() => {
        fade();
        if (view.introduced) requestAnimationFrame(() => requestAnimationFrame(() => toTop(element)));
      });
    const follow = effect(() => {
      // Whatever moves the present.
      if (view.happened === undefined) return;
      view.moved?.();
      fade();
    });
    if (!hidden && mayFocus()) element.focus({ preventScroll: true });
    return () => {
      follow();
      end();
      elements.delete(id);
      render(null, greeting);
      element.remove();
    };
  }, [view, id, name]);
  return (
    <div
      ref={place}
      id={`pane-${id}`}
      class="pane"
      hidden={hidden}
      role={tabbed ? "tabpanel" : "group"}
      aria-labelledby={tabbed ? `tab-${id}` : undefined}
      aria-label={tabbed ? undefined : name}
      onFocusCapture={() => {
        active.value = id;
      }}
    />
  );
}

/** `alone`: nothing else is on the page. */
export function Consoles({ view, alone = false }: { view: View; alone?: boolean }) {
  const ids = useSignal(view.tabs?.() ?? ["c1"]);
  const beside = useSignal(false);
  const list = ids.value;
  const choose = (id: string): void => {
    active.value = id;
    requestAnimationFrame(() => elements.get(id)?.focus({ preventScroll: true }));
  };
  const step = (by: number): void => {
    const id = list[(list.indexOf(active.value) + by + list.length) % list.length]!;
    active.value = id;
    document.getElementById(`tab-${id}`)?.focus();
  };
  const add = (): void => {
    let n = 1;
    while (list.includes(`c${n}`)) n++;
    ids.value = [...list, `c${n}`];
    choose(`c${n}`);
  };
  const close = (): void => {
    const left = list.filter((id) => id !== active.value);
    ids.value = left;
    active.value = left.at(-1)!;
  };
  useEffect(() => {
    if (!list.includes(active.value)) active.value = list[0]!;
  }, []);
  const wanted = needed.value;
  useEffect(() => {
    if (wanted === undefined) return;
    needed.value = undefined;
    beside.value = !narrow();
    if (!list.includes(wanted) && list.length < MOST) ids.value = [...list, wanted].sort();
  }, [wanted]);
  return (
    <section class="consoles panel" aria-label={T.consoles}>
      <header>
        <div
          class="tabs"
          role={beside.value ? undefined : "tablist"}
          aria-label={beside.value ? undefined : T.consoles}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight") step(1);
            if (event.key === "ArrowLeft") step(-1);
          }}
        >
          {list.map((id) =>
            beside.value ? (
              <button key={id} type="button" aria-pressed={active.value === id} onClick={() => choose(id)}>
                {T.consoleN(id.slice(1))}
              </button>
            ) : (
              <button
                key={id}
                id={`tab-${id}`}
                type="button"
                role="tab"
                aria-selected={active.value === id}
                aria-controls={`pane-${id}`}
                tabIndex={active.value === id ? 0 : -1}
                onClick={() => choose(id)}
              >
                {T.consoleN(id.slice(1))}
              </button>
            ),
          )}
        </div>
        <button type="button" class="quiet" onClick={add} aria-label={T.newConsole} title={T.newConsole} disabled={list.length >= MOST}>
          <Icon name="plus" />
        </button>
        {list.length > 1 && (
          <>
            <button type="button" class="quiet" onClick={close} aria-label={T.closeConsole} title={T.closeConsole}>
              <Icon name="close" />
            </button>
            <button
              type="button"
              class="quiet"
              title={T.splitTitle}
              aria-pressed={beside.value}
              onClick={() => {
                beside.value = !beside.value;
              }}
            >
              <Icon name="split" /> {T.split}
            </button>
          </>
        )}
      </header>
      <div class="panes">
        {list.map((id) => (
          <Pane
            key={id}
            view={view}
            id={id}
            name={T.consoleN(id.slice(1))}
            hidden={!beside.value && active.value !== id}
            tabbed={!beside.value}
            alone={alone}
          />
        ))}
      </div>
    </section>
  );
}
