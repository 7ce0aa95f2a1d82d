/** Asks before many lines run that were pasted, or dropped: how many they are, and the first of them. */
import { element } from "./screen.js";

/** More lines than these are asked about. */
export const MANY = 20;
/** So many are shown, and so much of each. */
const SHOWN = 3;
const LONGEST = 120;

/** What else can be done with such a text. */
export interface Elsewhere {
  /** What the button says. */
  label: string;
  /** Gets the text as it was pasted. */
  open(text: string): void;
}

export interface Question {
  box: HTMLElement;
  focus(): void;
}

/** The question, to be put on the page. Whatever is answered, it goes and `back` is called first. */
export function ask(
  lines: readonly string[],
  run: () => void,
  back: () => void,
  elsewhere: { label: string; act: () => void } | undefined,
): Question {
  const title = `Run ${lines.length.toLocaleString("en")} commands?`;
  const first = lines.slice(0, SHOWN).map((line) => element("code", {}, line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line));
  const box = element("div", { class: "ask", part: "ask", role: "group", "aria-label": title });
  const button = (label: string, act: () => void): HTMLElement => {
    const one = element("button", { type: "button" }, label);
    one.addEventListener("click", () => {
      box.remove();
      back();
      act();
    });
    return one;
  };
  const go = button("Run", run);
  box.append(
    element("p", {}, title),
    ...first,
    element("p", {}, `and ${(lines.length - first.length).toLocaleString("en")} more`),
    element(
      "div",
      { class: "answers" },
      go,
      button("Cancel", () => {}),
      ...(elsewhere ? [button(elsewhere.label, elsewhere.act)] : []),
    ),
  );
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    box.remove();
    back();
  });
  return { box, focus: () => go.focus({ preventScroll: true }) };
}
