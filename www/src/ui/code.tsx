/** Keys or commands as code of the client that one has. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { View } from "../app.js";
import { CLIENTS, type Client, code } from "../code.js";
import { making } from "../making.js";
import { CODE } from "../strings.js";
import { readable } from "../text.js";
import { CopyButton } from "./copy.js";
import { Dialog } from "./data-dialogs.js";
import "../style/data-dialogs.css";

/** Where the choice is kept, and how much is shown. */
const CHOSEN = "wakey-code-client";
const SHOWN = 20_000;

function remembered(): Client {
  try {
    const found = localStorage.getItem(CHOSEN);
    if (found !== null && Object.hasOwn(CLIENTS, found)) return found as Client;
  } catch {}
  return "ioredis";
}

export function Code(props: {
  view: View;
  what: { keys: readonly string[] } | { commands: readonly (readonly string[])[] };
  close: () => void;
}) {
  const { view, what, close } = props;
  const client = useSignal<Client>(remembered());
  const commands = useSignal<readonly (readonly string[])[]>("commands" in what ? what.commands : []);
  useEffect(() => {
    if ("commands" in what) return;
    void (async () => {
      const all: string[][] = [];
      for (const key of what.keys) all.push(...(await making((args) => view.read(args), key)));
      commands.value = all;
    })();
  }, []);
  const text = code(client.value, commands.value);
  const title =
    "commands" in what
      ? CODE.commands(what.commands.length)
      : what.keys.length === 1
        ? CODE.key(readable(what.keys[0]!, 40))
        : CODE.keys(what.keys.length);
  return (
    <Dialog title={title} close={close}>
      <div class="segments wrap" role="group" aria-label={CODE.client}>
        {(Object.keys(CLIENTS) as Client[]).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={client.value === one}
            title={CLIENTS[one].language}
            onClick={() => {
              client.value = one;
              try {
                localStorage.setItem(CHOSEN, one);
              } catch {}
            }}
          >
            {CLIENTS[one].name}
          </button>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard */}
      <pre class="code" tabIndex={0} role="group" aria-label={CODE.code}>
        {text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}
      </pre>
      <p class="buttons">
        <CopyButton text={() => text} what={CODE.what} label={CODE.copy} />
        <button type="button" onClick={close}>
          {CODE.close}
        </button>
      </p>
    </Dialog>
  );
}
