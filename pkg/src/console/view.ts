/** What a console is made of on the page: its elements, their roles, and what they tell of. */
import { element, Screen } from "./screen.js";
import { dress } from "./style.js";

const KEYS =
  "Press Enter to run, or Shift Enter for a new line. Tab completes. Up and Down go through your history, Ctrl R searches it, Ctrl L clears the screen, Ctrl C cancels. Press Escape, then Tab, to leave.";

let made = 0;

export interface Ui {
  log: HTMLElement;
  prompt: HTMLElement;
  typed: HTMLElement;
  rest: HTMLElement;
  input: HTMLTextAreaElement;
  list: HTMLElement;
  help: HTMLElement;
  said: HTMLElement;
  stop: HTMLButtonElement;
  screen: Screen;
}

/** What is done with it. */
export interface Actions {
  key(event: KeyboardEvent): void;
  /** `how` is the kind of the event: `insertText`. */
  typed(how: string): void;
  paste(event: ClipboardEvent): void;
  /** It has the focus. */
  wake(): void;
  interrupt(): void;
  step(by: -1 | 1): void;
  complete(): void;
  enter(): void;
}

/** Fills a shadow root. */
export function draw(root: ShadowRoot, label: string | null, on: Actions): Ui {
  dress(root);
  const id = `wakey-console-${++made}`;
  const log = element("div", { class: "log", part: "log", role: "log", "aria-label": "Replies", "aria-live": "polite", tabindex: "0" });
  const prompt = element("label", { class: "prompt", part: "prompt", for: `${id}-input` }, "wakey> ");
  const typed = element("span");
  const rest = element("span", { class: "rest" });
  const input = element("textarea", {
    id: `${id}-input`,
    part: "input",
    rows: "1",
    "aria-label": label ?? "Redis command",
    "aria-describedby": `${id}-help ${id}-keys`,
    "aria-autocomplete": "list",
    "aria-controls": `${id}-list`,
    autocapitalize: "off",
    autocomplete: "off",
    autocorrect: "off",
    spellcheck: "false",
    enterkeyhint: "send",
  });
  const list = element("ul", {
    id: `${id}-list`,
    class: "list",
    part: "list",
    role: "listbox",
    "aria-label": "Completions",
    tabindex: "0",
    hidden: "",
  });
  const help = element("p", { id: `${id}-help`, class: "help", part: "help" });
  const said = element("span", { class: "unseen", role: "status" });
  const button = (name: string, label: string, text: string, press: () => void): HTMLButtonElement => {
    const one = element("button", { type: "button", class: name, "aria-label": label, title: label }, text);
    one.addEventListener("click", press);
    // The keyboard of a phone stays where it is.
    one.addEventListener("pointerdown", (event) => event.preventDefault());
    return one;
  };
  const stop = button("stop", "Stop (Ctrl+C)", "Stop", () => on.interrupt());
  stop.hidden = true;
  const tools = element(
    "div",
    { class: "tools" },
    stop,
    button("touch", "Previous command", "↑", () => on.step(-1)),
    button("touch", "Complete", "⇥", () => on.complete()),
    button("touch", "Run", "⏎", () => on.enter()),
  );
  const field = element("div", { class: "field" }, element("div", { class: "mirror", "aria-hidden": "true" }, typed, rest), input);
  const line = element("div", { class: "line" }, prompt, field, tools);
  const how = element("span", { id: `${id}-keys`, hidden: "" }, KEYS);
  const whole = element("div", { class: "console", part: "console" }, log, line, list, help, how, said);
  root.append(whole);
  input.addEventListener("keydown", (event) => on.key(event));
  list.addEventListener("keydown", (event) => on.key(event));
  input.addEventListener("input", (event) => on.typed((event as InputEvent).inputType ?? ""));
  input.addEventListener("paste", (event) => on.paste(event));
  input.addEventListener("focus", () => on.wake());
  log.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "c" && String(document.getSelection()) === "") on.interrupt();
  });
  whole.addEventListener("click", (event) => {
    if ((event.target as Element).closest("button, textarea, .option, a") === null && String(document.getSelection()) === "")
      input.focus({ preventScroll: true });
  });
  return { log, prompt, typed, rest, input, list, help, said, stop, screen: new Screen(log) };
}
