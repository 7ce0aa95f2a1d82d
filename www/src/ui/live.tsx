/** The page of a server: consoles, monitor and keys, or what stands in the way of them. */
import { render } from "preact";
import { useRef } from "preact/hooks";
import { chosen, part } from "../app.js";
import { Live } from "../live/live.js";
import { Consoles } from "./consoles.js";
import { Keys } from "./keys.js";
import { Monitor } from "./monitor.js";
import { Notices, Parts } from "./page.js";
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
      <label for="password">The server’s password</label>
      <div class="link">
        {/* Not for the browser's memory either. */}
        <input id="password" ref={field} type="password" autocomplete="off" required aria-describedby="password-trouble" />
        <button type="submit" class="primary">
          Connect
        </button>
      </div>
      <p id="password-trouble" class={live.trouble.value ? "bad" : ""} role="alert">
        {live.trouble.value}
      </p>
      <p>It is sent to the server beside this page alone, and forgotten when the page is left.</p>
    </form>
  );
}

/** Before there is a connection. */
function Waiting({ live }: { live: Live }) {
  const state = live.state.value;
  return (
    <main class="waiting">
      <h1>wakey</h1>
      {state === "none" ? (
        <>
          <h2>This page has no server</h2>
          <p role="alert">
            It comes from a host of files. With <code>make run</code> it is served beside a server, whose keys are shown here.
          </p>
        </>
      ) : state === "password" ? (
        <Password live={live} />
      ) : state === "lost" ? (
        <>
          <h2>The server cannot be reached</h2>
          <p role="alert">{live.trouble.value} Trying again…</p>
          <p>
            <button type="button" onClick={() => void live.open()}>
              Try now
            </button>
          </p>
        </>
      ) : (
        <p role="status">Connecting to the server…</p>
      )}
      <p>
        <a href={HERE}>The playground, with a keyspace of its own</a>
      </p>
    </main>
  );
}

function LivePage({ live }: { live: Live }) {
  if (!live.begun.value) return <Waiting live={live} />;
  const state = live.state.value;
  return (
    <div class={`page live show-${part.value === "lesson" ? "console" : part.value}`}>
      <header class="top">
        <h1>wakey</h1>
        <p class="server">
          <span class={`dot ${state}`} aria-hidden="true" /> {state === "connected" ? "Live on" : "Not connected to"}{" "}
          <b>{live.name.value}</b>
        </p>
        <a class="button" href={HERE}>
          Own keyspace
        </a>
      </header>
      <div class="alerts" role="alert">
        {state === "password" ? (
          <div class="banner">
            <Password live={live} />
          </div>
        ) : (
          state !== "connected" && (
            <div class="banner">
              <p>{live.trouble.value} What is shown is what was last seen. Trying again…</p>
              <button type="button" onClick={() => void live.open()}>
                Try now
              </button>
            </div>
          )
        )}
      </div>
      <main>
        <div class="column middle">
          <Consoles view={live} />
          <Monitor view={live} />
        </div>
        <div class={`column data${chosen.value === undefined ? "" : " with-viewer"}`}>
          <Keys view={live} />
          <Viewer view={live} />
        </div>
      </main>
      <Parts without={["lesson", "explore"]} />
      <Notices />
    </div>
  );
}

export function begin(root: HTMLElement): void {
  root.replaceChildren();
  render(<LivePage live={new Live()} />, root);
}
