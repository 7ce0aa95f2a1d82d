/** Keys that do something wherever one is, but for fields in which one types. */
import { type App, asked, part } from "../app.js";
import { isClosed, toggle } from "../layout.js";
import { current } from "./consoles.js";
import { narrow } from "./header.js";
import { back, forth } from "./timeline.js";

/** Whether the keys belong to what has the focus. */
function types(at: EventTarget | undefined): boolean {
  return at instanceof Element && at.matches("input:not([type=range], [type=checkbox], [type=file]), textarea, select, [contenteditable]");
}

/** Follows the keys until the returned function is called. */
export function shortcuts(app: App): () => void {
  const key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    const name = event.key.toLowerCase();
    // Inside the shadow of a console, too.
    const inField = types(event.composedPath()[0]);
    if (control && name === "k" && !event.shiftKey) asked.value = asked.value === "palette" ? undefined : "palette";
    else if (event.ctrlKey && name === "`") current()?.focus();
    // What is on the screen counts: that a dialog was closed is told a moment later.
    else if (inField || document.querySelector("dialog[open]")) return;
    else if (control && name === "z" && !event.shiftKey) void back(app);
    else if (control && (name === "y" || (name === "z" && event.shiftKey))) void forth(app);
    else if (control || event.altKey) return;
    else if (name === "/") filter();
    else if (name === "?") asked.value = "keys";
    else return;
    event.preventDefault();
  };
  document.addEventListener("keydown", key);
  return () => document.removeEventListener("keydown", key);
}

/** The filter of the keys gets the focus. */
function filter(): void {
  if (isClosed("data")) toggle("data", false);
  if (narrow()) part.value = "keys";
  requestAnimationFrame(() => document.querySelector<HTMLInputElement>('.keys input[type="search"]')?.focus());
}
