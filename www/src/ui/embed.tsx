/** The console alone, for a frame in another page. */
import type { App } from "../app.js";
import { EMBED, T } from "../strings.js";
import { Consoles } from "./consoles.js";
import { Icon, Mark } from "./icons.js";
import { Notices } from "./page.js";

export function Embedded({ app, restart }: { app: App; restart: () => void }) {
  return (
    <div class="page embedded">
      <main>
        <div class="column middle">
          <Consoles view={app} alone />
        </div>
      </main>
      <footer>
        <Mark size={18} /> <b>{T.name}</b>
        <button type="button" class="quiet" onClick={restart}>
          <Icon name="refresh" /> {T.reset}
        </button>
        <a class="quiet" href={`./${location.hash}`} target="_blank" rel="noreferrer">
          {EMBED.openPlayground} <Icon name="external" size={13} />
        </a>
      </footer>
      <Notices app={app} />
    </div>
  );
}
