/** Where the page begins: the engine, a session (of the link, where there is one), and what is shown when something is missing. */
import { render } from "preact";
import coreUrl from "wakey/core.wasm?url";
import { type App, chosen, filter, makeApp, tell } from "./app.js";
import { keep, kept, recall } from "./keep.js";
import { type Record, Session } from "./session.js";
import { unpack } from "./share.js";
import { Page } from "./ui/page.js";

const root = document.getElementById("app")!;

function missing(): string | undefined {
  if (typeof WebAssembly !== "object") return "WebAssembly";
  if (typeof CompressionStream !== "function") return "CompressionStream";
  if (typeof HTMLDialogElement !== "function") return "dialogs";
  return undefined;
}

function Trouble({ title, text }: { title: string; text: string }) {
  return (
    <main class="waiting">
      <h1>wakey</h1>
      <h2>{title}</h2>
      <p role="alert">{text}</p>
      <p>
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>
      </p>
    </main>
  );
}

async function begin(): Promise<void> {
  if (new URLSearchParams(location.search).has("live")) {
    const live = await import("./ui/live.js");
    return live.begin(root);
  }
  const lacks = missing();
  if (lacks !== undefined) {
    render(
      <Trouble
        title="This browser can’t"
        text={`The page runs a database inside the browser, for which this one lacks ${lacks}. A current Chrome, Edge, Firefox or Safari will do.`}
      />,
      root,
    );
    return;
  }
  let wasm: WebAssembly.Module;
  try {
    const response = await fetch(coreUrl);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    // Not every static host knows the type that streaming wants.
    wasm = await WebAssembly.compile(await response.arrayBuffer());
  } catch (error) {
    render(<Trouble title="The engine did not load" text={(error as Error).message} />, root);
    return;
  }
  let record: Record | undefined;
  let broken = false;
  try {
    record = await unpack(location.hash);
  } catch {
    broken = true;
  }
  const stored = await recall(record !== undefined);
  if (broken) tell(`The link does not hold a whole session: this is ${stored ? "the one that is kept" : "an empty one"}.`, true);
  const start = async (from: Record | Session | undefined): Promise<void> => {
    let app: App;
    try {
      app = makeApp(from instanceof Session ? from : await Session.open(wasm, from));
    } catch (error) {
      // A session that exhausts the engine's memory, say.
      if (from === undefined) render(<Trouble title="The engine did not start" text={(error as Error).message} />, root);
      else {
        // What is kept stays so.
        kept.value = "no";
        tell(`This session cannot be opened: ${(error as Error).message}`, true);
        await start(undefined);
      }
      return;
    }
    const refused = app.session.refused.peek();
    if (refused > 0) tell(`${refused} commands of this session were refused: it takes more memory than this page gives it.`, true);
    const unkeep = keep(app);
    // The engine was one task, the page is another: on a slow phone each takes a tenth of a second.
    await new Promise((done) => setTimeout(done));
    chosen.value = undefined;
    filter.value = "";
    render(null, root);
    root.replaceChildren();
    const restart = (to: Record | Session | undefined): void => {
      unkeep();
      app.driver.end();
      app.keyspace.end();
      void start(to).then(() => app.session.end());
    };
    render(<Page app={app} restart={restart} />, root);
  };
  await start(record ?? stored);
  addEventListener("hashchange", () => location.reload());
  if (import.meta.env.PROD && "serviceWorker" in navigator) void navigator.serviceWorker.register("./sw.js").catch(() => {});
}

void begin();
