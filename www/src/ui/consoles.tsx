/** The consoles: in tabs or side by side, all on the one keyspace, each a session of its own. */
import "wakey/console";
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { WakeyConsole } from "wakey/console";
import { part, tell, type View } from "../app.js";

const elements = new Map<string, WakeyConsole>();
const active = signal("c1");

/** Runs a line in the console that was used last. */
export function offer(line: string): void {
  const element = elements.get(active.value) ?? [...elements.values()][0];
  if (element === undefined) {
    tell("There is no console.", true);
    return;
  }
  if (part.value !== "lesson") part.value = "console";
  void element.run([line]);
}

function Pane({ view, id, name, hidden, tabbed }: { view: View; id: string; name: string; hidden: boolean; tabbed: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = document.createElement("wakey-console");
    element.setAttribute("aria-label", `Redis command for ${name}`);
    element.setAttribute("theme", "dark");
    elements.set(id, element);
    const end = view.connect(element, id);
    place.current!.append(element);
    return () => {
      end();
      elements.delete(id);
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

export function Consoles({ view }: { view: View }) {
  const ids = useSignal(["c1"]);
  const beside = useSignal(false);
  const made = useSignal(1);
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
    const id = `c${++made.value}`;
    ids.value = [...list, id];
    choose(id);
  };
  const close = (): void => {
    const left = list.filter((id) => id !== active.value);
    ids.value = left;
    active.value = left.at(-1)!;
  };
  return (
    <section class="consoles panel" aria-label="Consoles">
      <header>
        <div
          class="tabs"
          role={beside.value ? undefined : "tablist"}
          aria-label={beside.value ? undefined : "Consoles"}
          onKeyDown={(event) => {
            if (event.key === "ArrowRight") step(1);
            if (event.key === "ArrowLeft") step(-1);
          }}
        >
          {list.map((id) =>
            beside.value ? (
              <button key={id} type="button" aria-pressed={active.value === id} onClick={() => choose(id)}>
                Console {id.slice(1)}
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
                Console {id.slice(1)}
              </button>
            ),
          )}
        </div>
        <button type="button" onClick={add} aria-label="Another console" title="Another console" disabled={list.length >= 6}>
          +
        </button>
        {list.length > 1 && (
          <>
            <button type="button" onClick={close} aria-label="Close this console" title="Close this console">
              −
            </button>
            <button
              type="button"
              aria-pressed={beside.value}
              onClick={() => {
                beside.value = !beside.value;
              }}
            >
              Side by side
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
            name={`Console ${id.slice(1)}`}
            hidden={!beside.value && active.value !== id}
            tabbed={!beside.value}
          />
        ))}
      </div>
    </section>
  );
}
