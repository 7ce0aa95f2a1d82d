/**
 * One key, shown as what it is. Reads go through the page's own session and take what is on the screen: ranges where the type
 * has them, else the first members.
 */
import { signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { chosen, tell, type View } from "../app.js";
import type { Info } from "../names.js";
import { COPY, SHAPES, VALUE, VIEWER } from "../strings.js";
import { readable, size, typed } from "../text.js";
import { ArrayView } from "./array.js";
import { amount, Chip } from "./chip.js";
import { copy } from "./copy.js";
import { openCode } from "./data-dialogs.js";
import { READ, Whole } from "./detail.js";
import { useEditing, useFocus } from "./edits.js";
import { deadline, Expiry } from "./expiry.js";
import { GeoView } from "./geo.js";
import { Icon } from "./icons.js";

import { HashView, HllView, ListView, SetView, ZsetView } from "./shapes.js";
import { type Item, maybe, type Shown } from "./shown.js";
import { StreamView } from "./streams.js";
import { VectorView } from "./vectors.js";
import "../style/viewer.css";

/** Milliseconds within which a second click belongs to the one that opened the key. */
const TWICE = 500;

/** The value that is shown by itself, and of which key it is. */
const opened = signal<{ key: string; item: Item } | undefined>(undefined);

function StringView({ view, name, edit }: Shown) {
  const item: Item = {
    title: VALUE.the,
    read: () => maybe(view.keyspace.ask("GETRANGE", name, 0, READ - 1)),
    length: () => Number(view.keyspace.ask("STRLEN", name) ?? 0),
    save: (to) => edit("SET", name, to, "KEEPTTL"),
    bit: (offset, to) => edit("SETBIT", name, String(offset), String(to)),
  };
  return <Whole view={view} item={item} />;
}

const VIEWS: { [kind: string]: (shown: Shown) => ComponentChildren } = {
  string: StringView,
  json: StringView,
  bits: StringView,
  hll: HllView,
  hash: HashView,
  list: ListView,
  set: SetView,
  zset: ZsetView,
  geo: GeoView,
  stream: StreamView,
  array: ArrayView,
  vectorset: VectorView,
};

/** The name, on a line of its own: to be selected, copied and changed. */
function Name({ name, rename }: { name: string; rename: (to: string) => void }) {
  const { editing, button } = useEditing();
  const shown = readable(name, Number.POSITIVE_INFINITY) || '""';
  const plain = typed(shown) === name;
  return (
    <div class="key-name">
      {editing.value ? (
        <Rename
          name={shown}
          end={(to) => {
            editing.value = false;
            if (to !== undefined && to !== shown) rename(typed(to));
          }}
        />
      ) : (
        <h2 class="name">{shown}</h2>
      )}
      {plain && !editing.value && (
        <button
          ref={button}
          type="button"
          class="ghost"
          aria-label={VALUE.change(shown, VIEWER.name)}
          title={VALUE.edit}
          onClick={() => {
            editing.value = true;
          }}
        >
          <Icon name="edit" size={14} />
        </button>
      )}
      <button
        type="button"
        class="ghost"
        aria-label={COPY.label(VIEWER.nameWhat)}
        title={COPY.label(VIEWER.nameWhat)}
        onClick={() => void copy(shown, VIEWER.nameWhat)}
      >
        <Icon name="copy" size={14} />
      </button>
      <Close />
    </div>
  );
}

function Rename({ name, end }: { name: string; end: (to?: string) => void }) {
  const field = useFocus<HTMLInputElement>();
  return (
    <input
      ref={field}
      class="name"
      aria-label={VIEWER.name}
      defaultValue={name}
      onBlur={() => end()}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        end(event.key === "Enter" ? event.currentTarget.value : undefined);
      }}
    />
  );
}

function Head({ view, name, info, edit }: { view: View; name: string; info: Info; edit: Shown["edit"] }) {
  // What cannot be taken back is asked twice.
  const sure = useSignal(false);
  const rename = async (to: string): Promise<void> => {
    try {
      if ((await view.give(["RENAMENX", name, to])) === 0) tell(VIEWER.taken, true);
      else chosen.value = to;
    } catch (error) {
      tell((error as Error).message, true);
    }
  };
  return (
    <header class="key-head">
      <Name key={name} name={name} rename={(to) => void rename(to)} />
      <div class="key-meta">
        <Chip type={info.type} kind={info.kind} />
        <span class="muted">
          {VIEWER.meta(
            amount(info.type, info.length),
            info.encoding === info.type ? "" : info.encoding,
            info.size > 0 ? size(info.size) : "",
          )}
        </span>
        <Expiry
          view={view}
          expires={info.expires}
          of={VIEWER.the}
          set={(to) => {
            if (to === undefined) return edit("PERSIST", name);
            const [absolute, ms] = deadline(to);
            edit(absolute ? "PEXPIREAT" : "PEXPIRE", name, ms);
          }}
        />
        <span class="grow" />
        <button
          type="button"
          class="ghost"
          aria-label={VIEWER.copyCode}
          title={VIEWER.copyCode}
          onClick={() => openCode(view, { keys: [name] })}
        >
          <Icon name="code" />
        </button>
        <button
          type="button"
          class={`danger${sure.value ? "" : " ghost"}`}
          aria-label={sure.value ? VIEWER.deleteSure : VIEWER.delete}
          title={sure.value ? VIEWER.deleteSure : VIEWER.delete}
          onBlur={() => {
            sure.value = false;
          }}
          onClick={() => {
            sure.value = !view.undo && !sure.value;
            if (sure.value) return;
            edit("DEL", name);
            tell(VIEWER.deleted(readable(name, 40), view.undo));
          }}
        >
          {sure.value ? VIEWER.deleteSure : <Icon name="trash" />}
        </button>
      </div>
    </header>
  );
}

function Close() {
  return (
    <button
      type="button"
      class="ghost"
      aria-label={VIEWER.close}
      title={VIEWER.close}
      onClick={() => {
        chosen.value = undefined;
      }}
    >
      <Icon name="close" />
    </button>
  );
}

/** A value by itself, and the way back to all of them. */
function Detail({ view, item, of }: { view: View; item: Item; of: string }) {
  const back = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => back.current?.focus({ preventScroll: true }), [item]);
  const close = (): void => {
    opened.value = undefined;
  };
  return (
    <div
      class="detail"
      onKeyDown={(event) => {
        if (event.key === "Escape" && !event.defaultPrevented) close();
      }}
    >
      <div class="detail-head">
        <button ref={back} type="button" class="ghost" aria-label={VALUE.back(of)} title={VALUE.back(of)} onClick={close}>
          <Icon name="left" />
        </button>
        <h3>{item.title}</h3>
      </div>
      <Whole key={item.title} view={view} item={item} />
    </div>
  );
}

export function Inspect({ view }: { view: View }) {
  const name = chosen.value ?? "";
  view.keyspace.version.value;
  const since = useRef(performance.now());
  const info = view.keyspace.info(name);
  const edit = (...args: string[]): void => {
    view.give(args).catch((error: Error) => tell(error.message, true));
  };
  const Shape = info && Object.hasOwn(VIEWS, info.kind) ? VIEWS[info.kind] : undefined;
  const item = opened.value?.key === name ? opened.value.item : undefined;
  if (!info || Shape === undefined)
    return (
      <>
        <header class="key-head">
          <div class="key-name">
            <h2 class="name">{readable(name, 300)}</h2>
            <Close />
          </div>
        </header>
        <p class="empty">{info === undefined ? VIEWER.reading : VIEWER.missing}</p>
      </>
    );
  return (
    <div
      class="inspect"
      onClickCapture={(event) => {
        // The list moved under the pointer: a double click on a key is no press of what is there now.
        if (event.detail < 2 || performance.now() - since.current > TWICE) return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <Head view={view} name={name} info={info} edit={edit} />
      {item !== undefined ? (
        <Detail view={view} item={item} of={SHAPES[info.type === "hash" ? "fields" : info.type === "list" ? "elements" : "members"]} />
      ) : (
        <Shape
          key={name}
          view={view}
          name={name}
          edit={edit}
          open={(item) => {
            opened.value = { key: name, item };
          }}
        />
      )}
    </div>
  );
}
