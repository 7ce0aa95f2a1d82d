/** How to look at a live server, which a page cannot reach by itself. */
import { useSignal } from "@preact/signals";
import { CONNECT, T } from "../strings.js";
import { Dialog } from "./dialog.js";

/** The page of a server, from what a person knows of it: an address, or a port of this machine. */
function live(address: string): string | undefined {
  const text = address.trim();
  const whole = /^\d{1,5}$/.test(text) ? `http://127.0.0.1:${text}/` : /^https?:\/\//.test(text) ? text : `http://${text}/`;
  try {
    const url = new URL(whole);
    url.search = "?live";
    url.hash = "";
    return url.href;
  } catch {
    return undefined;
  }
}

export function Connect() {
  const address = useSignal("127.0.0.1:8080");
  const url = live(address.value);
  return (
    <Dialog title={T.connect.replace("…", "")} class="connect">
      <p>{CONNECT.why}</p>
      <ol>
        <li>
          {CONNECT.run}
          <pre>
            <code>npx wakey ui redis://127.0.0.1:6379</code>
          </pre>
        </li>
        <li>
          <label class="field">
            {CONNECT.address}
            <input
              value={address.value}
              spellcheck={false}
              onInput={(event) => {
                address.value = event.currentTarget.value;
              }}
            />
          </label>
        </li>
      </ol>
      <p class="tools">
        {url === undefined ? (
          <span class="bad">{CONNECT.bad}</span>
        ) : (
          <a class="button primary" href={url} rel="noreferrer">
            {CONNECT.open}
          </a>
        )}
        <a class="button" href="?live">
          {CONNECT.here}
        </a>
      </p>
    </Dialog>
  );
}
