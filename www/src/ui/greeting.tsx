/** The first lines of the first console: what this is, and commands to begin with; or what the session is that somebody shared. */
import { type App, part, type View } from "../app.js";
import { toggle } from "../layout.js";
import { T } from "../strings.js";
import { offer } from "./consoles.js";
import { narrow } from "./header.js";
import { Icon } from "./icons.js";

declare const __VERSION__: string;

const own = (view: View): view is App => "session" in view;

export function Greeting({ view }: { view: View }) {
  if (!own(view)) return null;
  const { session } = view;
  if (session.shared !== undefined) {
    const { commands, when } = session.shared;
    return (
      <div class="greeting shared">
        <p>
          <Icon name="share" /> {T.sharedSession(commands, when)}
        </p>
        {session.title !== "" && <h2>{session.title}</h2>}
        {session.remark !== "" && <p class="remark">{session.remark}</p>}
      </div>
    );
  }
  return (
    <div class="greeting">
      <p>{T.greeting(__VERSION__)}</p>
      <p>{T.greetingLocal}</p>
      <p class="try">
        {T.greetingTry}{" "}
        {T.greetingCommands.map((line) => (
          <button key={line} type="button" onClick={() => offer(line)}>
            {line}
          </button>
        ))}{" "}
        <button
          type="button"
          class="tour"
          onClick={() => {
            if (narrow()) part.value = "lesson";
            else toggle("side", false);
            location.hash = "lesson=strings";
          }}
        >
          {T.greetingTour}
        </button>
      </p>
    </div>
  );
}
