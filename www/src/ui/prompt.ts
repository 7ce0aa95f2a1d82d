/** The console that is on the screen: to put a line at its prompt. */
import type { WakeyConsole } from "wakey/console";
import { part } from "../app.js";
import { quoted } from "../text.js";

export function atPrompt(args: readonly string[]): void {
  const console = document.querySelector<WakeyConsole>(".pane:not([hidden]) wakey-console");
  if (console === null) return;
  part.value = "console";
  console.offer(args.map(quoted).join(" "));
}
