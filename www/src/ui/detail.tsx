/**
 * One value, whole: as text, JSON, hex, MessagePack or bits, to be copied and changed. The form it is first shown in is the one that it
 * has; JSON is shown an element a line, and is saved as tight as it was.
 */
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import type { View } from "../app.js";
import { minified, pretty, tokens } from "../json.js";
import { isBinary, isJson, wrong } from "../kinds.js";
import { looksPacked, unpacked } from "../msgpack.js";
import { VALUE } from "../strings.js";
import { bytes, readable, size, typeable, typed } from "../text.js";
import { CopyButton } from "./copy.js";
import { useEditing, useFocus, Value } from "./edits.js";
import { Bits, Folding, Hex } from "./formats.js";
import { Icon } from "./icons.js";
import { useFlash } from "./motion.js";
import type { Item } from "./shown.js";

/** Bytes of a value that are read. */
export const READ = 256 * 1024;
/** Characters of a text that are shown at first, and more with each press. */
const TEXT = 20_000;
/** Values of one line up to this are changed where they stand. */
const LINE = 300;
/** Binary values of no more bytes are shown as bits at first. */
const BITS = 64;

type Format = keyof typeof VALUE.formats;

/** What a value can be shown as, and what it is shown as at first. */
function formats(value: string, text: string | undefined): { all: Format[]; first: Format } {
  const data = value.length <= READ ? bytes(value) : undefined;
  const json = text !== undefined && wrong(text) === undefined;
  const packed = data !== undefined && value.length > 0 && unpacked(data) !== undefined && (text === undefined || looksPacked(data));
  const all: Format[] = ["text", ...(json ? (["json"] as const) : []), "hex", ...(packed ? (["msgpack"] as const) : []), "bits"];
  if (json && isJson(text)) return { all, first: "json" };
  if (!isBinary(value)) return { all, first: "text" };
  if (data !== undefined && looksPacked(data)) return { all, first: "msgpack" };
  return { all, first: value.length <= BITS ? "bits" : "hex" };
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

function ones(value: string): number {
  let sum = 0;
  for (let i = 0; i < value.length; i++) sum += ONES[value.charCodeAt(i)]!;
  return sum;
}

/** A text that may be long. */
function Text({ value, rest }: { value: string; rest: number }) {
  const shown = useSignal(TEXT);
  const plain = typeable(value) ?? readable(value, Number.POSITIVE_INFINITY);
  const left = plain.length - shown.value;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached from the keyboard
    <div class="scroll" tabIndex={0} role="group" aria-label={VALUE.the}>
      <pre>{plain.slice(0, shown.value)}</pre>
      {left > 0 ? (
        <button
          type="button"
          onClick={() => {
            shown.value += 5 * TEXT;
          }}
        >
          {VALUE.showMore}
        </button>
      ) : (
        rest > 0 && <p class="muted">… {VALUE.more(size(rest))}</p>
      )}
    </div>
  );
}

/** A field for all of it. Control Enter takes it, Escape does not. */
function Editor({ text, asJson, end }: { text: string; asJson: boolean; end: (to?: string) => void }) {
  const area = useFocus<HTMLTextAreaElement>();
  const tight = useSignal(asJson && minified(text) === text.trim());
  const trouble = useSignal<string | undefined>(undefined);
  const begin = useMemo(() => (asJson ? pretty(text) : text), []);
  const save = () => {
    const to = area.current!.value;
    if (to === begin) return end();
    if (!asJson) return end(to);
    const why = wrong(to);
    // Said once; who goes on means it.
    if (why !== undefined && trouble.value !== why) {
      trouble.value = why;
      return;
    }
    end(why === undefined && tight.value ? minified(to) : to);
  };
  return (
    <div class="editor">
      <textarea
        ref={area}
        aria-label={VALUE.the}
        defaultValue={begin}
        spellcheck={false}
        onKeyDown={(event) => {
          const isEnd = event.key === "Enter" && (event.ctrlKey || event.metaKey);
          if (!isEnd && event.key !== "Escape") return;
          event.preventDefault();
          if (isEnd) save();
          else end();
        }}
      />
      {trouble.value !== undefined && (
        <p class="bad" role="alert">
          {VALUE.notJson(trouble.value)}
        </p>
      )}
      <p class="tools">
        <button type="button" class="primary" onClick={save}>
          {VALUE.save}
        </button>
        <button type="button" onClick={() => end()}>
          {VALUE.cancel}
        </button>
        {asJson && (
          <label class="check">
            <input
              type="checkbox"
              checked={tight.value}
              onChange={(event) => {
                tight.value = event.currentTarget.checked;
              }}
            />
            {VALUE.minify}
          </label>
        )}
      </p>
    </div>
  );
}

/** The value that `item` reads. `view` is followed: the value may change. */
export function Whole({ view, item }: { view: View; item: Item }) {
  view.keyspace.version.value;
  const chosen = useSignal<Format | undefined>(undefined);
  const { editing, button } = useEditing();
  const read = item.read();
  const flash = useFlash(read);
  const value = read ?? "";
  const length = item.length?.() ?? value.length;
  const all = length <= value.length;
  const text = useMemo(() => (all ? typeable(value) : undefined), [value, all]);
  const can = useMemo(() => formats(value, text), [value, text]);
  const format: Format = chosen.value !== undefined && can.all.includes(chosen.value) ? chosen.value : can.first;
  const lines = useMemo(() => () => (format === "json" ? tokens(text ?? "") : (unpacked(bytes(value)) ?? [])), [value, format]);
  const set = useMemo(() => (format === "bits" ? ones(value) : 0), [value, format]);
  if (read === undefined) return <p class="empty">{VALUE.gone}</p>;
  const { save, bit } = item;
  const turn =
    bit ??
    (save &&
      ((offset: number, to: number): void => {
        const at = offset >> 3;
        const mask = 128 >> (offset & 7);
        const byte = value.charCodeAt(at);
        save(value.slice(0, at) + String.fromCharCode(to ? byte | mask : byte & ~mask) + value.slice(at + 1));
      }));
  const short = text !== undefined && value.length <= LINE && !value.includes("\n");
  const canEdit = save !== undefined && text !== undefined && (format === "text" || format === "json");
  return (
    <div class={`whole-value${flash}`}>
      <div class="tools">
        <div class="segments" role="group" aria-label={VALUE.format}>
          {can.all.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={format === one}
              onClick={() => {
                chosen.value = one;
                editing.value = false;
              }}
            >
              {VALUE.formats[one]}
            </button>
          ))}
        </div>
        <span class="muted">{format === "bits" && all ? VALUE.ones(set, value.length * 8) : VALUE.bytes(length)}</span>
        <span class="grow" />
        <CopyButton
          text={() => (format === "json" ? pretty(text!) : (text ?? readable(value, Number.POSITIVE_INFINITY)))}
          what={VALUE.the}
        />
        {canEdit && !editing.value && (
          <button
            ref={button}
            type="button"
            onClick={() => {
              editing.value = true;
            }}
          >
            <Icon name="edit" size={14} />
            {VALUE.edit}
          </button>
        )}
      </div>
      {!all && <p class="note">{VALUE.tooLong(size(value.length))}</p>}
      {editing.value && canEdit ? (
        <Editor
          text={text}
          asJson={format === "json"}
          end={(to) => {
            editing.value = false;
            if (to !== undefined && to !== text) save(typed(to));
          }}
        />
      ) : format === "json" || format === "msgpack" ? (
        <Folding tokens={lines} />
      ) : format === "hex" ? (
        <Hex value={value} />
      ) : format === "bits" ? (
        <Bits
          value={value}
          set={
            turn &&
            ((offset, to) => {
              // With another bit it may look like something else.
              chosen.value = "bits";
              turn(offset, to);
            })
          }
        />
      ) : short ? (
        <p class="whole">
          <Value value={value} label={VALUE.the} {...(save && { change: save })} />
        </p>
      ) : (
        <Text value={value} rest={length - value.length} />
      )}
    </div>
  );
}
