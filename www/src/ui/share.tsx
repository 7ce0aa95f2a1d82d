/** Passing a session on: as a link that tells all of it, as Markdown, as a frame in another page. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { holdsSecret } from "../../../pkg/src/prompt/secrets.js";
import { type App, tell } from "../app.js";
import { LONGEST_LINK, LONGEST_NOTE, LONGEST_TITLE, pack } from "../share.js";
import { SHARE, T } from "../strings.js";
import { size } from "../text.js";
import { Dialog } from "./dialog.js";
import { using } from "./files.js";
import { Icon } from "./icons.js";

async function copy(text: string, done: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(done);
  } catch {
    tell(SHARE.notCopied, true);
  }
}

export function Share({ app }: { app: App }) {
  const { session } = app;
  const link = useSignal("");
  const markdown = useSignal("");
  const title = useSignal(session.title);
  const note = useSignal(session.remark);
  const paused = useSignal(true);
  const position = session.position.value;
  useEffect(() => {
    if (session.base !== undefined) return;
    session.title = title.value.trim();
    session.remark = note.value.trim();
    const record = session.record();
    const last = record.events.at(-1);
    const here = location.href.split(/[?#]/)[0];
    let wanted = true;
    const shared = paused.value ? { ...record, now: record.start + (last?.at ?? 0), paused: true as const } : record;
    void pack(shared).then((fragment) => {
      if (wanted) link.value = `${here}#${fragment}`;
    });
    return () => {
      wanted = false;
    };
  }, [title.value, note.value, paused.value, position]);
  if (session.base !== undefined)
    return (
      <Dialog title={SHARE.thisSession}>
        <p>{SHARE.onFile(session.base.file.name)}</p>
      </Dialog>
    );
  const long = link.value.length > LONGEST_LINK;
  const secret = session.record().events.some(({ args }) => holdsSecret(args));
  const [page, fragment] = link.value.split("#");
  const frame = `<iframe src="${page}?embed#${fragment}" title="Wakey" width="100%" height="420" loading="lazy"></iframe>`;
  return (
    <Dialog title={SHARE.title} class="sharing">
      <p>{SHARE.how}</p>
      {secret && (
        <p class="bad" role="alert">
          {SHARE.secret}
        </p>
      )}
      <label class="field">
        {SHARE.titleField}
        <input
          maxLength={LONGEST_TITLE}
          value={title.value}
          placeholder={SHARE.titleExample}
          onInput={(event) => {
            title.value = event.currentTarget.value;
          }}
        />
      </label>
      <label class="field">
        {SHARE.noteField}
        <textarea
          rows={2}
          maxLength={LONGEST_NOTE}
          value={note.value}
          onInput={(event) => {
            note.value = event.currentTarget.value;
          }}
        />
      </label>
      <label class="check">
        <input type="checkbox" checked={paused.value} onChange={(event) => (paused.value = event.currentTarget.checked)} />
        <span>
          {SHARE.pausedAtEnd} <small class="muted">{SHARE.pausedWhy}</small>
        </span>
      </label>
      <div class="link">
        <input readOnly value={link.value} aria-label={SHARE.linkLabel} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="primary" disabled={long || link.value === ""} onClick={() => void copy(link.value, SHARE.linkCopied)}>
          <Icon name="link" /> {SHARE.copyLink}
        </button>
      </div>
      <p class={long ? "bad" : "muted"}>
        {long ? SHARE.tooLong(size(link.value.length)) : SHARE.linkSize(size(link.value.length), position)}
      </p>
      <div class="tools">
        <button
          type="button"
          onClick={() =>
            using(async (module) => {
              markdown.value = await module.asMarkdown(app, long ? undefined : link.value);
              await copy(markdown.value, SHARE.markdownCopied);
            })
          }
        >
          <Icon name="copy" /> {SHARE.copyMarkdown}
        </button>
        <button type="button" disabled={long} onClick={() => void copy(frame, SHARE.embedCopied)}>
          <Icon name="code" /> {SHARE.copyEmbed}
        </button>
        <button type="button" onClick={() => using(({ saveSession }) => saveSession(app))}>
          <Icon name="download" /> {T.exportSession}
        </button>
      </div>
      {markdown.value !== "" && <textarea class="made" readOnly rows={6} aria-label={SHARE.markdownLabel} value={markdown.value} />}
    </Dialog>
  );
}
