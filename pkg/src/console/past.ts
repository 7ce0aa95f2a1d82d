/** The lines that were typed: kept in the browser's storage where that is allowed, shared by all consoles of a site. */
import { isSecret } from "../prompt/secrets.js";
import { HISTORY } from "../prompt/shell.js";

const KEY = "wakey-console-history";
/** Longer lines are not kept: storage is small. */
const LONGEST = 4096;

export class Past {
  private lines: string[] = [];
  /** Where the arrow keys are; behind the last line is what is being typed. */
  private at = 0;
  private draft = "";

  constructor() {
    this.read();
  }

  private read(): void {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
      if (Array.isArray(kept)) this.lines = kept.filter((line): line is string => typeof line === "string" && !isSecret(line));
    } catch {
      // Without storage, or with something else in it, the history is that of this console.
    }
    this.at = this.lines.length;
  }

  add(line: string): void {
    if (line.trim() !== "" && !isSecret(line) && line.length <= LONGEST) {
      this.read();
      this.lines = [...this.lines.filter((one) => one !== line), line].slice(-HISTORY);
      try {
        localStorage.setItem(KEY, JSON.stringify(this.lines));
      } catch {
        // As above.
      }
    }
    this.at = this.lines.length;
    this.draft = "";
  }

  /** The line before (-1) or after (1) the one shown; `shown` is kept while one looks. */
  step(by: -1 | 1, shown: string): string | undefined {
    const to = this.at + by;
    if (to < 0 || to > this.lines.length) return undefined;
    if (this.at === this.lines.length) this.draft = shown;
    this.at = to;
    return to === this.lines.length ? this.draft : this.lines[to];
  }

  /** Lines that contain `text`, the latest first. */
  search(text: string): string[] {
    const wanted = text.toLowerCase();
    return this.lines.filter((line) => line.toLowerCase().includes(wanted)).reverse();
  }
}
