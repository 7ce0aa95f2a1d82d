/** Messages: channels that one listens to by patterns, what came, and one to send. */
import { signal } from "@preact/signals";
import { useLayoutEffect } from "preact/hooks";
import { tell, type View } from "../app.js";
import { PUBSUB } from "../strings.js";
import { readable } from "../text.js";
import { Add } from "./edits.js";
import { Icon } from "./icons.js";
import { list, text } from "./shown.js";
import { Virtual } from "./virtual.js";

/** Messages that are remembered. */
const REMEMBERED = 500;

interface Message {
  n: number;
  at: number;
  channel: string;
  text: string;
}

/** They stay while another part is shown. */
const patterns = signal<readonly string[]>([]);
const messages = signal<readonly Message[]>([]);
let counted = 0;

export function usePubSub(view: View): void {
  const all = patterns.value;
  const epoch = view.epoch?.value;
  // At once, not after the next picture: what is sent next finds who listens now.
  useLayoutEffect(() => {
    if (view.listen === undefined) return;
    const ends = all.map((pattern) =>
      view.listen!(pattern, (channel, message) => {
        messages.value = [...messages.value.slice(1 - REMEMBERED), { n: ++counted, at: view.now.peek(), channel, text: message }];
      }),
    );
    return () => {
      for (const end of ends) end();
    };
  }, [view, all, epoch]);
}

/** Channels that somebody listens to, with how many do. */
function channels(view: View): [string, number][] {
  view.keyspace.version.value;
  const names = list(view.keyspace.ask("PUBSUB", "CHANNELS")).map(text).sort();
  if (names.length === 0) return [];
  // In pairs, or one after the other.
  const flat = list(view.keyspace.ask("PUBSUB", "NUMSUB", ...names)).flatMap((one) => (Array.isArray(one) ? one : [one]));
  const counts = new Map<string, number>();
  for (let i = 0; i + 1 < flat.length; i += 2) counts.set(text(flat[i]), Number(flat[i + 1]));
  return names.map((name) => [name, counts.get(name) ?? 0]);
}

export function PubSub({ view }: { view: View }) {
  const all = messages.value;
  const there = channels(view);
  return (
    <div class="pubsub">
      <div class="sides">
        <Add
          fields={["pattern"]}
          actions={{
            [PUBSUB.subscribe]: (pattern) => {
              if (pattern !== "" && !patterns.value.includes(pattern!)) patterns.value = [...patterns.value, pattern!];
            },
          }}
        />
        <Add
          fields={["channel", "message"]}
          actions={{
            [PUBSUB.publish]: (channel, message) =>
              void view.give(["PUBLISH", channel!, message!]).then(
                (heard) => tell(PUBSUB.heard(Number(heard))),
                (error: Error) => tell(error.message, true),
              ),
          }}
        />
      </div>
      <div class="subscribed">
        {patterns.value.map((pattern) => (
          <span key={pattern} class="chip">
            {readable(pattern, 60)}
            <button
              type="button"
              class="ghost"
              aria-label={PUBSUB.unsubscribe(readable(pattern, 60))}
              title={PUBSUB.unsubscribe(readable(pattern, 60))}
              onClick={() => {
                patterns.value = patterns.value.filter((one) => one !== pattern);
              }}
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
        {there.length > 0 && (
          <span class="muted">{PUBSUB.channels(there.map(([name, count]) => `${readable(name, 40)} (${count})`).join(", "))}</span>
        )}
        <span class="grow" />
        {all.length > 0 && (
          <button
            type="button"
            class="link"
            onClick={() => {
              messages.value = [];
            }}
          >
            {PUBSUB.clear}
          </button>
        )}
      </div>
      {all.length === 0 ? (
        <p class="empty">{patterns.value.length === 0 ? PUBSUB.none : PUBSUB.waiting}</p>
      ) : (
        <Virtual
          count={all.length}
          height={28}
          label={PUBSUB.newest}
          row={(i) => {
            const { at, channel, text } = all[all.length - 1 - i]!;
            return (
              <div class="entry">
                <span class="muted">{new Date(at).toISOString().slice(11, 23)}</span>
                <b class="channel">{readable(channel, 40)}</b>
                <code title={readable(text, 500)}>{readable(text, 300)}</code>
              </div>
            );
          }}
        />
      )}
    </div>
  );
}
