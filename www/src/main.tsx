/** Where the page begins: the engine, a session (of the link, where there is one), and what is shown when something is missing. */
import { render } from "preact";
import coreUrl from "wakey/core.wasm?url";
import { type App, chosen, filter, makeApp, tell } from "./app.js";
import { keep, kept, recall } from "./keep.js";
import { dress } from "./layout.js";
import { type Record, Session, type Whole } from "./session.js";
import { unpack } from "./share.js";
import { T } from "./strings.js";
import { Mark } from "./ui/icons.js";
import { Page } from "./ui/page.js";

const root = document.getElementById("app")!;
const ask = new URLSearchParams(location.search);
/** The console alone, in a frame of another page. */
const embedded = ask.has("embed");

function missing(): string | undefined {
  if (typeof WebAssembly !== "object") return "WebAssembly";
  if (typeof CompressionStream !== "function") return "CompressionStream";
  if (typeof HTMLDialogElement !== "function") return "dialogs";
  return undefined;
}

function Trouble({ title, text }: { title: string; text: string }) {
  return (
    <main class="waiting">
      <h1>
        <Mark size={40} /> {T.name}
      </h1>
      <h2>{title}</h2>
      <p role="alert">{text}</p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          {T.tryAgain}
        </button>
      </p>
    </main>
  );
}

const trouble = (title: string, text: string): void => render(<Trouble title={title} text={text} />, root);

/** The engine, once for all sessions of the page. */
async function engine(): Promise<WebAssembly.Module | undefined> {
  try {
    const response = await fetch(coreUrl);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    // Not every static host knows the type that streaming wants.
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    trouble(T.notLoaded, (error as Error).message);
    return undefined;
  }
}

/** What the greeting says of a session that came by a link. */
function introduce(session: Session, record: Record): void {
  const last = record.events.at(-1);
  const when = last === undefined ? "" : `${new Date(record.start + last.at).toISOString().slice(0, 16).replace("T", " ")} ${T.zone}`;
  session.shared = { commands: record.events.length, when };
}

type From = Record | Whole | Session | undefined;

/** Shows one session after the other. */
class Stage {
  private end: () => void = () => {};

  constructor(
    private readonly wasm: WebAssembly.Module,
    private readonly shared: Record | undefined,
  ) {}

  async start(from: From): Promise<void> {
    let app: App;
    try {
      app = makeApp(from instanceof Session ? from : await Session.open(this.wasm, from));
    } catch (error) {
      // A session that exhausts the engine's memory, say.
      if (from === undefined) trouble(T.notStarted, (error as Error).message);
      else {
        // What is kept stays so.
        kept.value = "no";
        tell(T.cannotOpen((error as Error).message), true);
        await this.start(undefined);
      }
      return;
    }
    this.end();
    const { session, driver, keyspace } = app;
    if (from !== undefined && from === this.shared) introduce(session, this.shared);
    if (from !== undefined && "paused" in from) driver.running.value = false;
    const refused = session.refused.peek();
    if (refused > 0) tell(T.refused(refused), true);
    const unkeep = embedded ? () => {} : keep(app);
    this.end = () => {
      unkeep();
      driver.end();
      keyspace.end();
      session.end();
    };
    // The engine was one task, the page is another: on a slow phone each takes a tenth of a second.
    await new Promise((done) => setTimeout(done));
    chosen.value = undefined;
    filter.value = "";
    render(null, root);
    root.replaceChildren();
    const restart = (to: From): void => void this.start(to);
    if (embedded) {
      const { Embedded } = await import("./ui/embed.js");
      render(<Embedded app={app} restart={() => restart(this.shared)} />, root);
    } else render(<Page app={app} restart={restart} />, root);
  }
}

async function begin(): Promise<void> {
  dress();
  if (ask.has("live")) {
    // What somebody's page lays over it could have its keys deleted.
    if (window.top !== window) return trouble(T.notHere, T.framed);
    const live = await import("./ui/live.js");
    return live.begin(root);
  }
  const lacks = missing();
  if (lacks !== undefined) return trouble(T.notHere, T.lacks(lacks));
  const wasm = await engine();
  if (wasm === undefined) return;
  let record: Record | undefined;
  let broken = false;
  try {
    record = await unpack(location.hash);
  } catch {
    broken = true;
  }
  const stored = embedded ? undefined : await recall(record !== undefined);
  if (broken) tell(T.badLink(stored !== undefined), true);
  await new Stage(wasm, record).start(record ?? stored);
  addEventListener("hashchange", () => /^#s=/.test(location.hash) && location.reload());
  if (import.meta.env.PROD && "serviceWorker" in navigator) void navigator.serviceWorker.register("./sw.js").catch(() => {});
}

void begin();
