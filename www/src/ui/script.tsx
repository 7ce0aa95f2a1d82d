/** Scripts: an editor at the left, what they answer at the right. Lines are commands, or the whole is a Lua script with keys and arguments. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { WakeyConsole } from "wakey/console";
import { linesOf } from "../../../pkg/src/console/lines.js";
import { drafted, type View } from "../app.js";
import { SCRIPT } from "../strings.js";
import { type Editor, type Language, makeEditor } from "./editor.js";
import { Icon } from "./icons.js";

/** Where drafts are kept, and how much of them. */
const DRAFT = "wakey-script";
const LONGEST = 50_000;

const drafts: { [language in Language]: string } = { commands: SCRIPT.example, lua: SCRIPT.exampleLua };

/** Drafts of the last time, where the browser keeps them. */
function recall(): void {
  try {
    const kept = JSON.parse(localStorage.getItem(DRAFT) ?? "{}") as Partial<typeof drafts>;
    for (const language of ["commands", "lua"] as const) if (typeof kept[language] === "string") drafts[language] = kept[language];
  } catch {}
}

function remember(): void {
  try {
    if (drafts.commands.length + drafts.lua.length <= LONGEST) localStorage.setItem(DRAFT, JSON.stringify(drafts));
  } catch {}
}

/** A text as one word of a command. */
const word = (text: string): string =>
  `"${text.replace(/[\\"]/g, "\\$&").replaceAll("\r", "").replaceAll("\n", "\\n").replaceAll("\t", "\\t")}"`;

/** Commands of a text: comments are none. */
const commands = (text: string): string[] =>
  linesOf(
    text
      .split("\n")
      .filter((line) => !/^\s*(#|\/\/)/.test(line))
      .join("\n"),
  );

export function Script({ view }: { view: View }) {
  const language = useSignal<Language>("commands");
  const keys = useSignal("counter");
  const args = useSignal("5");
  const place = useRef<HTMLDivElement>(null);
  const replies = useRef<HTMLDivElement>(null);
  const editor = useRef<Editor | undefined>(undefined);
  const console = useRef<WakeyConsole | undefined>(undefined);
  const run = (): void => {
    const text = editor.current?.selected() || editor.current?.text() || "";
    const element = console.current;
    if (element === undefined || text.trim() === "") return;
    if (language.peek() === "commands") return void element.run(commands(text));
    const names = keys.peek().split(/\s+/).filter(Boolean);
    const more = args.peek().trim();
    void element.run([`EVAL ${word(text)} ${[names.length, ...names, more].join(" ").trim()}`]);
  };
  useEffect(() => {
    recall();
    const made = makeEditor(place.current!, {
      text: drafts[language.peek()],
      language: language.peek(),
      label: SCRIPT.editor,
      hint: SCRIPT.hint,
      run,
      changed: (text) => {
        drafts[language.peek()] = text;
        remember();
      },
    });
    editor.current = made;
    made.focus();
    return () => made.end();
  }, []);
  const given = drafted.value;
  useEffect(() => {
    if (given === undefined) return;
    drafted.value = undefined;
    const own = drafts.commands === SCRIPT.example ? "" : drafts.commands.trimEnd();
    drafts.commands = own === "" ? given : `${own}\n\n${given}`;
    remember();
    language.value = "commands";
    editor.current?.set(drafts.commands, "commands");
    editor.current?.focus();
  }, [given]);
  useEffect(() => {
    const element = document.createElement("wakey-console");
    element.setAttribute("aria-label", SCRIPT.console);
    const end = view.connect(element, "script");
    replies.current!.append(element);
    console.current = element;
    return () => {
      end();
      element.remove();
    };
  }, [view]);
  const choose = (to: Language): void => {
    if (language.value === to) return;
    language.value = to;
    editor.current?.set(drafts[to], to);
    editor.current?.focus();
  };
  return (
    <div class="script">
      <div class="tools bar">
        <div class="segments" role="group" aria-label={SCRIPT.language}>
          {(["commands", "lua"] as const).map((one) => (
            <button key={one} type="button" aria-pressed={language.value === one} onClick={() => choose(one)}>
              {SCRIPT.languages[one]}
            </button>
          ))}
        </div>
        {language.value === "lua" && (
          <>
            <label>
              {SCRIPT.keys}
              <input
                value={keys.value}
                onInput={(event) => {
                  keys.value = event.currentTarget.value;
                }}
                spellcheck={false}
              />
            </label>
            <label>
              {SCRIPT.args}
              <input
                value={args.value}
                onInput={(event) => {
                  args.value = event.currentTarget.value;
                }}
                spellcheck={false}
              />
            </label>
          </>
        )}
        <span class="grow" />
        <button type="button" onClick={() => console.current?.clear()}>
          {SCRIPT.clear}
        </button>
        <button type="button" class="primary" title={SCRIPT.runTip} onClick={run}>
          <Icon name="play" size={14} />
          {SCRIPT.run}
          <kbd>{SCRIPT.runKey}</kbd>
        </button>
      </div>
      <div class="script-sides">
        <div ref={place} class="script-editor" />
        <div ref={replies} class="script-replies" />
      </div>
    </div>
  );
}
