/** The page of a server: consoles, monitor and keys, or what stands in the way of them. */
import { render } from "preact";
import { useRef } from "preact/hooks";
import { part } from "../app.js";
import { Live } from "../live/live.js";
import { LIVE, T } from "../strings.js";
import { Consoles } from "./consoles.js";
import { Theme } from "./header.js";
import { Mark } from "./icons.js";
import { Keys } from "./keys.js";
import { Monitor } from "./monitor.js";
import { Columns, Notices, Parts } from "./page.js";
import { Viewer } from "./viewer.js";

const HERE = "./";

function Password({ live }: { live: Live }) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      class="password"
      onSubmit={(event) => {
        event.preventDefault();
        live.enter(field.current!.value);
      }}
    >
      <label for="password">{LIVE.password}</label>
      <div class="link">
        {/* Not for the browser's memory either. */}
        <input id="password" ref={field} type="password" autocomplete="off" required aria-describedby="password-trouble" />
        <button type="submit" class="primary">
          {LIVE.open}
        </button>
      </div>
      <p id="password-trouble" class={live.trouble.value ? "bad" : ""} role="alert">
        {live.trouble.value}
      </p>
      <p>{LIVE.passwordWhere}</p>
    </form>
  );
}

/** Before there is a connection. */
function Waiting({ live }: { live: Live }) {
  const state = live.state.value;
  return (
    <main class="waiting">
      <h1>
        <Mark size={40} /> {T.name}
      </h1>
      {state === "none" ? (
        <>
          <h2>{LIVE.none}</h2>
          <p role="alert">
            {LIVE.noneWhy[0]} <code>npx wakey ui</code> {LIVE.noneWhy[1]}
          </p>
        </>
      ) : state === "link" ? (
        <>
          <h2>{LIVE.link}</h2>
          <p role="alert">{LIVE.linkWhy}</p>
        </>
      ) : state === "password" ? (
        <Password live={live} />
      ) : state === "lost" ? (
        <>
          <h2>{LIVE.lost}</h2>
          <p role="alert">{LIVE.trying(live.trouble.value)}</p>
          <p>
            <button type="button" onClick={() => void live.open()}>
              {LIVE.tryNow}
            </button>
          </p>
        </>
      ) : (
        <p role="status">{LIVE.connecting}</p>
      )}
      {live.playground && (
        <p>
          <a href={HERE}>{LIVE.backToPlayground}</a>
        </p>
      )}
    </main>
  );
}

function LivePage({ live }: { live: Live }) {
  if (!live.begun.value) return <Waiting live={live} />;
  const state = live.state.value;
  return (
    <div class={`page live show-${part.value === "lesson" ? "console" : part.value}`}>
      <header class="top">
        <h1>
          <Mark /> {T.name}
        </h1>
        <p class="server">
          <span class={`dot ${state}`} aria-hidden="true" /> {state === "connected" ? LIVE.on : LIVE.notOn} <b>{live.name.value}</b>
        </p>
        {live.playground && (
          <a class="button" href={HERE}>
            {LIVE.backToPlayground}
          </a>
        )}
        <Theme />
      </header>
      <div class="alerts" role="alert">
        {state === "password" ? (
          <div class="banner">
            <Password live={live} />
          </div>
        ) : (
          state !== "connected" && (
            <div class="banner">
              <p>{LIVE.stale(live.trouble.value)}</p>
              <button type="button" onClick={() => void live.open()}>
                {LIVE.tryNow}
              </button>
            </div>
          )
        )}
      </div>
      <Columns
        middle={<Consoles view={live} />}
        monitor={<Monitor view={live} />}
        keys={<Keys view={live} />}
        viewer={<Viewer view={live} />}
      />
      <Parts without={["lesson", "explore"]} />
      <Notices />
    </div>
  );
}

/** `playground`: whether there is one to go back to. */
export function begin(root: HTMLElement, playground = true): void {
  root.replaceChildren();
  render(<LivePage live={new Live(playground)} />, root);
}
