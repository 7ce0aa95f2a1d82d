/**
 * `<wakey-console>`: a prompt and its replies in a shadow root. Here are its attributes and its life, the keys and the list of
 * completions; `view.ts` has its parts, `conversation.ts` runs the lines, `screen.ts` shows the replies.
 *
 * Tab completes only where there is something to complete, and Escape lets the next Tab pass: the keyboard always gets out.
 */
import { type Client, openClient, type Wakey } from "../client/client.js";
import { engineOf, sessionOf } from "../client/port.js";
import { type Candidates, candidates, common, hint, keys } from "../prompt/complete.js";
import { openQuote } from "../prompt/format.js";
import { Inside, type Link } from "../prompt/links.js";
import { ask, type Elsewhere, MANY, type Question } from "./ask.js";
import { addressOf, type Bar, bar, type Told } from "./bar.js";
import { type Answered, narrow, Session } from "./conversation.js";
import { database, openDatabase, standard } from "./databases.js";
import { linesOf, pasted } from "./lines.js";
import { Past } from "./past.js";
import { element } from "./screen.js";
import { clockOf, nameOf, optionsOf, SETTINGS, seedOf, setUp, setupOf, size } from "./settings.js";
import type { Spoken } from "./transcript.js";
import { draw, type Ui } from "./view.js";

/** On a server, where pages are only written, there is no such class; the element is then none, too. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/** How many lines a text has beyond the first. */
const breaksIn = (text: string): number => text.split("\n").length - 1;

/** The element `<wakey-console>`: a prompt for a database. */
export class WakeyConsole extends Base {
  static readonly observedAttributes = ["db", "resp", "wasm-src", ...SETTINGS];

  /** Opens a link to something other than a database in this page: set it before the first command. */
  declare transport: (() => Link | Promise<Link>) | undefined;
  /** With a transport: names of the keys of a database that begin with `prefix`, for Tab. One char a byte. */
  declare names: ((prefix: string, database: number) => string[]) | undefined;
  /** What else can be done with many lines that are pasted, besides running them. */
  declare elsewhere: Elsewhere | undefined;
  /** Says what the output shown now belongs to: for `fade`. */
  declare stamp: (() => unknown) | undefined;
  /** The line whose command is being sent, and whether it was sent before: for code that observes the database. */
  running: { line: string; again: boolean } | undefined;
  private recalled: { stamp: unknown } | undefined;
  private given: Wakey | undefined = undefined;
  private own: Promise<Wakey> | undefined;
  /** The database that the link is on. */
  private current: Wakey | undefined;
  private client: Client | undefined;
  private session: Session | undefined;
  private readonly past = new Past();
  private ui: Ui | undefined;
  private begun = false;
  private bar: Bar | undefined;
  /** Commands that ran here, for the link to a playground, and when the first one did. */
  private told: { at: number; by: string; args: readonly string[] }[] = [];
  private start = 0;
  /** Databases whose `setup` has run. */
  private readonly prepared = new WeakSet<Wakey>();
  private found: Candidates = { start: 0, words: [] };
  private active = -1;
  /** What the list shows, as it would be taken; and the line that is likely to be meant. */
  private offered: readonly string[] = [];
  private likely: string | undefined;
  /** What the list shows. */
  private showing: "nothing" | "completions" | "history" = "nothing";
  /** How many lines are at the prompt beyond the first. */
  private breaks = 0;
  /** Many lines were pasted: whether they are to run. */
  private question: Question | undefined;
  /** Escape was pressed: Tab goes on to the next element. */
  private leaving = false;

  /** The database that it works on, shared with the page: `console.database = await open()`. */
  get database(): Wakey | undefined {
    return this.given ?? this.current;
  }

  set database(db: Wakey | undefined) {
    if (db === this.given) return;
    this.given = db;
    this.reset();
  }

  /** The id of its session, as CLIENT ID and `observe` give it; undefined before its first command, or with a transport. */
  get sessionId(): number | undefined {
    return this.client === undefined || this.client.closed ? undefined : sessionOf(this.client);
  }

  /** The number of the database that its session is on, as SELECT says; 0 before its first command. */
  get databaseIndex(): number {
    return this.session?.place.database ?? 0;
  }

  /** Runs lines as if they were typed. Resolves when the last one has run, or was given up. */
  async run(lines: string | readonly string[]): Promise<void> {
    const all = typeof lines === "string" ? linesOf(lines) : lines;
    await Promise.all(all.map((line) => this.sessionNow().run(line)));
  }

  /** Puts a line at the prompt, to be run with Enter. */
  get offer(): (line: string) => void {
    return (line) => {
      this.type(line);
      this.focus();
    };
  }

  /** The attribute: React 19 sets what there is as a property. */
  set offer(on: boolean | string) {
    this.toggleAttribute("offer", on !== false);
  }

  /** Connects now, or again after the link was lost; otherwise that happens with the first command, or with the focus. */
  connect(): void {
    this.sessionNow()
      .ready()
      .then(
        () => this.refresh(),
        (error: unknown) => {
          this.parts().help.classList.remove("idle");
          this.parts().help.textContent = `The database could not be opened: ${(error as Error).message}`;
        },
      );
  }

  /** Shows earlier output as if it came now: that of a `Scribe`, say. Resolves when it is shown. */
  async recall(all: Iterable<Spoken>): Promise<void> {
    const recalled = { stamp: undefined as unknown };
    this.recalled = recalled;
    try {
      await this.sessionNow().recall(all, (stamp) => {
        recalled.stamp = stamp;
      });
      this.parts().screen.flush();
    } finally {
      this.recalled = undefined;
    }
  }

  /** Fades output that belongs to something later, by what `stamp` said when it was shown. */
  fade(later: (stamp: unknown) => boolean): void {
    this.ui?.screen.fade(later);
  }

  /** Empties the screen. */
  clear(): void {
    this.ui?.screen.clear();
  }

  /** Ends what waits or listens, as Ctrl-C does. */
  stop(): void {
    this.session?.interrupt();
  }

  override focus(options?: FocusOptions): void {
    this.ui?.input.focus(options);
  }

  /** The page has it. */
  connectedCallback(): void {
    // Set before the element was defined, it hides the accessor.
    if (Object.hasOwn(this, "database")) {
      const db = this.database;
      Reflect.deleteProperty(this, "database");
      this.database = db;
    }
    this.parts();
    size(this);
    this.refresh();
    if (this.begun) return;
    this.begun = true;
    const begin = (): void => this.begin();
    // While the page is parsed, its text is still to come.
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin, { once: true });
    else begin();
  }

  /** The page has it no longer. */
  disconnectedCallback(): void {
    // It may only be moved.
    queueMicrotask(() => {
      if (this.isConnected) return;
      this.reset();
      void this.own?.then((db) => db.close());
      this.own = undefined;
    });
  }

  /** One of its attributes is another. */
  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after) this.reset();
  }

  private reset(): void {
    this.question?.box.remove();
    this.question = undefined;
    this.session?.close();
    this.session = undefined;
    this.current = undefined;
    this.client = undefined;
    this.refresh();
  }

  private async open(): Promise<Link> {
    if (this.transport) return this.transport();
    // Without them there are no hints, and all else is there.
    const words = standard.words().catch(() => {});
    const source = this.getAttribute("wasm-src") ?? undefined;
    const name = this.getAttribute("db");
    let db = this.given;
    if (db === undefined && name) db = await database(name, source, optionsOf(this));
    if (db === undefined) {
      this.own ??= openDatabase(source, optionsOf(this));
      try {
        db = await this.own;
      } catch (error) {
        this.own = undefined;
        throw error;
      }
    }
    await words;
    this.current = db;
    if (!this.prepared.has(db)) setUp(this, db);
    this.prepared.add(db);
    const resp = this.getAttribute("resp") === "3" ? 3 : 2;
    this.client = openClient(engineOf(db), { resp, trusted: true });
    return new Inside(this.client, resp, nameOf(this));
  }

  private sessionNow(): Session {
    const { screen } = this.parts();
    this.session ??= new Session(
      {
        echo: (prompt, line) => screen.echo(prompt, line),
        show: (make, node) => screen.show(make, node),
        message: (node) => screen.message(node),
        clear: () => screen.clear(),
        answered: (what) => this.answered(what),
        sending: (what) => {
          this.running = what;
        },
        own: (line, prompt) => this.ownLine(line, prompt),
        changed: () => this.refresh(),
      },
      () => this.open(),
      this.transport === undefined,
      nameOf(this),
    );
    return this.session;
  }

  private answered(detail: Answered): void {
    this.note(detail.args);
    this.dispatchEvent(new CustomEvent("wakey-reply", { detail, bubbles: true, composed: true }));
  }

  /** For a playground: what was prepared, and what ran. */
  private note(args: readonly string[]): void {
    if (this.bar === undefined || !this.hasAttribute("playground")) return;
    const clock = clockOf(this);
    const now = clock ?? Date.now();
    if (this.start === 0) this.start = now;
    this.told.push({ at: now - this.start, by: "c1", args });
    const setup = setupOf(this).map((args) => ({ at: 0, by: "setup", args }));
    const told: Told = { seed: seedOf(this) ?? 1, start: this.start, now, events: [...setup, ...this.told] };
    this.bar.follow(told);
  }

  /** Starts over: with a new database, if it has its own, and its lines run again. A shared database keeps its data. */
  restart(): void {
    const { own } = this;
    this.own = undefined;
    this.reset();
    void own?.then((db) => db.close());
    this.told = [];
    this.start = 0;
    this.clear();
    this.begin(true);
    this.focus({ preventScroll: true });
  }

  private ownLine(line: string, prompt: string): void {
    this.dispatchEvent(new CustomEvent("wakey-line", { detail: { line, prompt } }));
  }

  private parts(): Ui {
    if (this.ui === undefined) {
      this.ui = this.build();
      const playground = addressOf(this.getAttribute("playground"));
      const tools = this.hasAttribute("tools");
      if (tools || playground !== undefined) {
        const { log } = this.ui;
        this.bar = bar(
          playground,
          tools,
          () => this.restart(),
          () => [...log.querySelectorAll(".echo, .reply code")].map((line) => line.textContent).join("\n"),
        );
        log.parentElement!.prepend(this.bar.whole);
      }
      // What the page greets with, in front of all that is said.
      if (this.querySelector(':scope > [slot="greeting"]')) this.ui.log.append(element("slot", { name: "greeting" }));
      this.ui.screen.stamp = () => (this.recalled ? this.recalled.stamp : this.stamp?.());
    }
    return this.ui;
  }

  /** `again`: what is offered is there. */
  private begin(again = false): void {
    const lines = linesOf(this.getAttribute("commands") ?? this.textContent ?? "");
    if (lines.length === 0) return;
    if (this.hasAttribute("offer")) {
      if (!again) this.offers(lines);
    } else void this.run(lines);
  }

  private offers(lines: readonly string[]): void {
    const list = element("ul", { class: "offers", part: "offers", "aria-label": "Commands to try" });
    const one = (label: string, attributes: { [name: string]: string }, run: () => void): void => {
      const button = element("button", { type: "button", ...attributes }, label);
      button.addEventListener("click", run);
      list.append(element("li", {}, button));
    };
    for (const line of lines) one(line, {}, () => this.submit(line));
    if (lines.length > 1)
      one("Run all", { class: "all" }, () => {
        for (const line of lines) this.submit(line);
      });
    this.parts().log.before(list);
  }

  private build(): Ui {
    return draw(this.attachShadow({ mode: "open" }), this.getAttribute("aria-label"), {
      key: (event) => this.key(event),
      typed: (how) => this.typedIn(how),
      paste: (event) => this.paste(event),
      wake: () => this.wake(),
      interrupt: () => this.interrupt(),
      step: (by) => this.step(by),
      complete: () => void this.complete(),
      enter: () => this.enter(),
    });
  }

  /** Connects when somebody is about to type, so that there are hints. */
  private wake(): void {
    if (!this.session?.docs.size) this.connect();
  }

  /** Shows the prompt, the hint and what can be stopped as they are now. */
  private refresh(): void {
    const { ui, session } = this;
    if (!ui) return;
    ui.prompt.textContent = session?.prompt ?? `${nameOf(this)}> `;
    ui.stop.hidden = session?.busy !== true;
    const { value } = ui.input;
    ui.typed.textContent = value;
    const { rest, help, taken } =
      this.showing === "history" || !session ? { rest: "", help: "", taken: undefined } : hint(session.docs, value);
    this.likely = taken;
    // The last line has its height, too.
    ui.rest.textContent = rest === "" && value.endsWith("\n") ? " " : rest;
    const open = openQuote(value) === "" ? "" : "A quote is still open. Press Enter for a new line, or Ctrl+C to cancel.";
    const waits = session?.busy ? "Waiting… Press Ctrl+C or Stop to cancel." : "";
    ui.help.textContent = this.showing === "history" ? "Search your history: type, pick with ↑ and ↓, press Enter." : help || waits || open;
    const idle = ui.help.textContent === "";
    ui.help.classList.toggle("idle", idle);
    if (idle) ui.help.textContent = "Press Tab to complete, or type “help”.";
  }

  private type(line: string): void {
    const { input } = this.parts();
    input.value = line;
    input.setSelectionRange(line.length, line.length);
    this.breaks = breaksIn(line);
    this.refresh();
  }

  /** A new line at the prompt, of the same command. */
  private breakLine(): void {
    const { input } = this.parts();
    input.setRangeText("\n", input.selectionStart, input.selectionEnd, "end");
    this.breaks = breaksIn(input.value);
    this.refresh();
    input.scrollTop = input.scrollHeight;
  }

  /** `how`: the kind of the event, `insertText`. */
  private typedIn(how: string): void {
    const { input } = this.parts();
    this.leaving = false;
    const before = this.breaks;
    this.breaks = breaksIn(input.value);
    // Keyboards of phones tell of Enter by the line that it makes.
    if (this.breaks > before && !how.startsWith("history")) {
      const { value } = input;
      // What is asked about does not stand at the prompt meanwhile.
      if (this.breaks - before >= MANY) this.type("");
      this.several(value);
    } else if (this.showing === "history") this.list(this.past.search(input.value), "history");
    else if (this.showing === "completions") {
      const before = this.found;
      this.found = this.lookUp();
      if (this.found.words.length === 0 || this.found.start !== before.start) this.hide();
      else this.list(this.found.words, "completions");
    }
    this.refresh();
  }

  private paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!/[\r\n]/.test(text)) return;
    event.preventDefault();
    const { input } = this.parts();
    this.several(input.value.slice(0, input.selectionStart) + text + input.value.slice(input.selectionEnd));
  }

  /** Runs the commands of a text; the last stays at the prompt unless it was ended, too. */
  private several(text: string): void {
    const { lines, last } = pasted(text);
    this.hide();
    const run = (): void => {
      for (const line of lines) this.submit(line);
      this.type(last);
    };
    const all = last === "" ? lines : [...lines, last];
    if (all.length > MANY) this.asks(all, run, text);
    else run();
  }

  private asks(lines: readonly string[], run: () => void, text: string): void {
    const { elsewhere } = this;
    const { input } = this.parts();
    this.question?.box.remove();
    this.question = ask(
      lines,
      run,
      () => {
        this.question = undefined;
        input.focus({ preventScroll: true });
      },
      elsewhere && { label: elsewhere.label, act: () => elsewhere.open(text) },
    );
    input.closest(".line")!.after(this.question.box);
    this.question.focus();
  }

  private submit(line: string): void {
    this.past.add(line);
    void this.sessionNow().run(line);
  }

  private enter(): void {
    const { input } = this.parts();
    if (this.showing !== "nothing" && this.active >= 0) {
      this.take(this.active);
      return;
    }
    this.hide();
    const line = input.value;
    if (openQuote(line) !== "") {
      this.breakLine();
      return;
    }
    this.type("");
    this.submit(line);
  }

  private interrupt(): void {
    const { input, screen } = this.parts();
    this.hide();
    const { value } = input;
    const prompt = this.session?.prompt ?? `${nameOf(this)}> `;
    if (!this.session?.interrupt() && value === "") return;
    screen.echo(prompt, `${value}^C`);
    this.ownLine(`${value}^C`, prompt);
    this.type("");
  }

  private step(by: -1 | 1): void {
    const { input } = this.parts();
    const line = this.past.step(by, input.value);
    if (line !== undefined) this.type(line);
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { input } = this.parts();
    if (this.command(event, input)) event.preventDefault();
    else if (event.key !== "Tab" && event.key !== "Shift" && event.key !== "Escape") this.leaving = false;
  }

  /** Whether the key was one of the console's. */
  private command(event: KeyboardEvent, input: HTMLTextAreaElement): boolean {
    if (event.altKey || event.metaKey) return false;
    if (event.ctrlKey) {
      switch (event.key.toLowerCase()) {
        case "c":
          if (event.shiftKey || input.selectionStart !== input.selectionEnd || String(document.getSelection()) !== "") return false;
          this.interrupt();
          return true;
        case "l":
          this.clear();
          return true;
        case "r":
          if (this.showing === "history") this.move(1);
          else this.list(this.past.search(input.value), "history");
          this.refresh();
          return true;
        case "p":
          this.step(-1);
          return true;
        case "n":
          this.step(1);
          return true;
      }
      return false;
    }
    switch (event.key) {
      case "Enter":
        if (event.shiftKey) this.breakLine();
        else this.enter();
        return true;
      case "Tab":
        if (event.shiftKey || this.leaving) return false;
        if (this.showing !== "nothing") this.move(1);
        else return this.complete();
        return true;
      case "ArrowUp":
      case "ArrowDown": {
        const by = event.key === "ArrowUp" ? -1 : 1;
        // Within the lines of a command the cursor moves.
        const beyond = by < 0 ? input.value.slice(0, input.selectionStart) : input.value.slice(input.selectionEnd);
        if (this.showing === "nothing" && beyond.includes("\n")) return false;
        if (this.showing === "nothing") this.step(by);
        else this.move(by);
        return true;
      }
      case "ArrowRight":
        // At its end the line becomes what it is likely to be.
        if (this.likely === undefined || this.showing !== "nothing" || input.selectionStart !== input.value.length) return false;
        this.type(this.likely);
        return true;
      case "Escape":
        this.leaving = true;
        if (this.showing === "nothing") return false;
        this.hide();
        this.refresh();
        return true;
    }
    return false;
  }

  private lookUp(): Candidates {
    const { session, current } = this;
    const { input } = this.parts();
    const line = input.value.slice(0, input.selectionStart);
    if (!session) return { start: 0, words: [] };
    return candidates(session.docs, line, (prefix) => {
      if (this.transport) return this.names?.(narrow(prefix), session.place.database) ?? [];
      if (!current || current.closed) return [];
      return keys(current, session.place.database, narrow(prefix));
    });
  }

  /** Completes what is typed as far as it is certain, and lists what it may be. False: there is nothing. */
  private complete(): boolean {
    const { input, said } = this.parts();
    this.found = this.lookUp();
    const { words } = this.found;
    if (words.length === 0) return false;
    if (words.length === 1) {
      this.put(`${words[0]} `);
      return true;
    }
    const start = common(words);
    if (start.length > input.selectionStart - this.found.start) this.put(start);
    this.list(words, "completions");
    said.textContent = `${words.length} completions`;
    return true;
  }

  /** Puts a word where the candidates stand. */
  private put(word: string): void {
    const { input } = this.parts();
    const after = input.value.slice(input.selectionStart);
    const line = input.value.slice(0, this.found.start) + word;
    this.type(line + after.replace(/^\s+/, word.endsWith(" ") ? "" : "$&"));
    input.setSelectionRange(line.length, line.length);
  }

  private list(words: readonly string[], what: "completions" | "history"): void {
    const { list, input } = this.parts();
    this.showing = what;
    this.active = -1;
    list.setAttribute("aria-label", what === "history" ? "History" : "Completions");
    this.offered = words.slice(0, 200);
    const docs = what === "completions" ? this.session?.docs : undefined;
    const shown = this.offered.map((word, i) => {
      const option = element("li", { id: `${list.id}-${i}`, class: "option", role: "option", "aria-selected": "false" }, word);
      const summary = this.found.start === 0 ? docs?.get(word.toUpperCase())?.summary : undefined;
      if (summary) option.dataset["summary"] = summary;
      option.addEventListener("pointerdown", (event) => event.preventDefault());
      option.addEventListener("click", () => this.take(i));
      return option;
    });
    list.replaceChildren(...shown);
    list.hidden = shown.length === 0;
    input.removeAttribute("aria-activedescendant");
    if (what === "history" && shown.length > 0) this.move(1);
  }

  private move(by: -1 | 1): void {
    const { list, input } = this.parts();
    const options = list.children;
    if (options.length === 0) return;
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = this.active < 0 && by < 0 ? options.length - 1 : (this.active + by + options.length) % options.length;
    const option = options[this.active] as HTMLElement;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", option.id);
  }

  private take(i: number): void {
    const { input } = this.parts();
    const word = this.offered[i] ?? "";
    const what = this.showing;
    this.hide();
    if (what === "history") this.type(word);
    else this.put(`${word} `);
    input.focus({ preventScroll: true });
  }

  private hide(): void {
    const { list, input, said } = this.parts();
    this.showing = "nothing";
    this.active = -1;
    if (list.matches(":focus")) input.focus({ preventScroll: true });
    list.hidden = true;
    list.replaceChildren();
    said.textContent = "";
    input.removeAttribute("aria-activedescendant");
  }
}
