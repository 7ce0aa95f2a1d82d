/** Putting a text where the person can paste it. */
import { tell } from "../app.js";
import { COPY } from "../strings.js";
import { Icon } from "./icons.js";

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(COPY.copied(what));
  } catch {
    tell(COPY.failed, true);
  }
}

/** `text` is asked for when it is wanted: it may be long. */
export function CopyButton({ text, what, label }: { text: () => string; what: string; label?: string }) {
  return (
    <button
      type="button"
      class={label === undefined ? "ghost" : ""}
      aria-label={COPY.label(what)}
      title={COPY.label(what)}
      onClick={() => void copy(text(), what)}
    >
      <Icon name="copy" size={14} />
      {label}
    </button>
  );
}
