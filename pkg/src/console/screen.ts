/**
 * The replies on a page. All that comes from the database becomes text of text nodes; nothing is ever parsed as HTML.
 * A long reply is made only as far as it is shown, and a button shows more.
 */
import type { Node } from "../resp/nodes.js";
import { amount, type Piece, pieces, safe } from "./replies.js";

/** Lines and characters that are shown of a reply at first, and with each press of its button. */
const FIRST = { lines: 16, characters: 1000 };
const MORE = { lines: 400, characters: 60_000 };
/** Entries that are kept. */
const KEPT = 1000;

/** Makes an element; attributes are set as given, text is text. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: { [name: string]: string } = {},
  ...children: (Element | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

async function copy(text: string, beside: HTMLElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without the permission, or on a page that is not secure.
    const area = element("textarea", { "aria-hidden": "true", class: "unseen" });
    area.value = text;
    beside.after(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    beside.focus();
  }
}

export class Screen {
  private waiting: Node[] = [];
  private dropped = 0;
  private scrolling = false;
  /** To what an entry belongs, where somebody says so. */
  private readonly stamps = new WeakMap<Element, unknown>();
  private lastEcho: Element | undefined;
  stamp: () => unknown = () => undefined;

  constructor(readonly log: HTMLElement) {
    // What makes the log lower (a list, a long line) does not hide its end.
    let atEnd = true;
    log.addEventListener("scroll", () => {
      atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 8;
    });
    new ResizeObserver(() => {
      if (atEnd) log.scrollTop = log.scrollHeight;
    }).observe(log);
  }

  echo(prompt: string, line: string): void {
    this.flush();
    this.lastEcho = element(
      "div",
      { class: line.includes("\n") ? "echo several" : "echo" },
      element("span", { class: "prompt" }, prompt),
      element("span", { class: "typed" }, safe(line)),
    );
    this.append(this.lastEcho);
  }

  /** `make` gives the pieces, each time anew. */
  show(make: () => Iterable<Piece>, node?: Node): void {
    this.flush();
    this.append(this.reply(make, node));
    // Only now is it known what the line led to.
    if (this.lastEcho) this.stamps.set(this.lastEcho, this.stamp());
    this.lastEcho = undefined;
  }

  /** Fades what belongs to something later. */
  fade(later: (stamp: unknown) => boolean): void {
    for (const entry of this.log.children) entry.classList.toggle("later", this.stamps.has(entry) && later(this.stamps.get(entry)));
  }

  /** A message. They may be many: they are shown with the next frame, the latest of them. */
  message(node: Node): void {
    if (this.waiting.push(node) === 1) requestAnimationFrame(() => this.flush());
    if (this.waiting.length > KEPT) {
      this.waiting.shift();
      this.dropped++;
    }
  }

  clear(): void {
    this.waiting = [];
    this.log.replaceChildren();
  }

  /** Shows what came meanwhile. */
  flush(): void {
    const { waiting, dropped } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    this.dropped = 0;
    if (dropped > 0) this.append(this.reply(() => [{ kind: "mark", text: `(${dropped.toLocaleString("en")} more)` }]));
    for (const node of waiting) this.append(this.reply(() => pieces(node), node));
  }

  private append(entry: Element): void {
    this.log.append(entry);
    this.stamps.set(entry, this.stamp());
    while (this.log.childElementCount > KEPT) this.log.firstElementChild?.remove();
    this.toEnd();
  }

  /** Scrolls to the end, once a frame. */
  toEnd(): void {
    if (this.scrolling) return;
    this.scrolling = true;
    requestAnimationFrame(() => {
      this.scrolling = false;
      this.log.scrollTop = this.log.scrollHeight;
    });
  }

  private reply(make: () => Iterable<Piece>, node?: Node): HTMLElement {
    const text = element("code", {});
    const entry = element("div", { class: "reply" }, text);
    const made = make()[Symbol.iterator]();
    const put = (piece: Piece): void => text.append(element("span", { class: piece.kind }, piece.text));
    /** Shows more pieces; whether there are still some. */
    const fill = (bound: { lines: number; characters: number }): boolean => {
      let { lines, characters } = bound;
      while (lines > 0 && characters > 0) {
        const next = made.next();
        if (next.done) return false;
        const piece = next.value;
        put(piece);
        characters -= piece.text.length;
        for (let at = piece.text.indexOf("\n"); at >= 0; at = piece.text.indexOf("\n", at + 1)) lines--;
      }
      const next = made.next();
      if (next.done) return false;
      put(next.value);
      return true;
    };
    if (fill(FIRST)) {
      const size = node ? amount(node) : "";
      const more = element("button", { type: "button", class: "more" }, size === "" ? "Show more" : `Show more (${size} in all)`);
      more.addEventListener("click", () => {
        if (fill(MORE)) return;
        more.remove();
        this.log.focus({ preventScroll: true });
      });
      entry.append(more);
    }
    if (node) {
      const button = element("button", { type: "button", class: "copy", "aria-label": "Copy reply", title: "Copy" }, "Copy");
      button.addEventListener("click", () => {
        let all = "";
        for (const piece of make()) all += piece.text;
        void this.copied(all, button);
      });
      entry.append(button);
    }
    return entry;
  }

  private async copied(text: string, button: HTMLElement): Promise<void> {
    await copy(text, button);
    button.textContent = "Copied";
    setTimeout(() => {
      button.textContent = "Copy";
    }, 1500);
  }
}
