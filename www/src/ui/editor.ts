/** The editor of scripts: CodeMirror, with as much of it as is needed. It stands in a shadow root, where its styles are allowed. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, type StreamParser, syntaxHighlighting } from "@codemirror/language";
import { lua } from "@codemirror/legacy-modes/mode/lua";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";

export type Language = "commands" | "lua";

/** A command a line: its name, strings, numbers, comments. */
const COMMANDS: StreamParser<{ first: boolean }> = {
  startState: () => ({ first: true }),
  token(stream, state) {
    if (stream.sol()) state.first = true;
    if (stream.eatSpace()) return null;
    if (state.first && stream.match(/^(#|\/\/).*/)) return "comment";
    const { first } = state;
    state.first = false;
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'(?:[^'\\]|\\.)*'?/)) return "string";
    if (stream.match(/^-?\d+(\.\d+)?(?=\s|$)/)) return "number";
    const word = stream.match(/^\S+/);
    if (first) return "keyword";
    return Array.isArray(word) && /^[A-Z]{2,}$/.test(word[0]) ? "atom" : null;
  },
  languageData: { commentTokens: { line: "#" } },
};

const LOOKS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--string)" },
  { tag: tags.number, color: "var(--list)" },
  { tag: [tags.atom, tags.bool, tags.null], color: "var(--hash)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
  { tag: [tags.standard(tags.name), tags.standard(tags.variableName)], color: "var(--hash)" },
]);

const THEME = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--soft)", border: "0" },
  ".cm-content": { caretColor: "var(--accent)" },
  ".cm-cursor": { borderLeftColor: "var(--accent)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--sunk) 60%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--accent-soft)",
  },
  ".cm-placeholder": { color: "var(--soft)" },
});

const parser = (language: Language) => StreamLanguage.define(language === "lua" ? lua : COMMANDS);

export interface Editor {
  text(): string;
  /** What is selected; empty where nothing is. */
  selected(): string;
  set(text: string, language: Language): void;
  focus(): void;
  end(): void;
}

export function makeEditor(
  place: HTMLElement,
  given: { text: string; language: Language; label: string; hint: string; run: () => void; changed: (text: string) => void },
): Editor {
  const root = place.shadowRoot ?? place.attachShadow({ mode: "open" });
  const language = new Compartment();
  const runs = (): boolean => {
    given.run();
    return true;
  };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: given.text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        EditorView.lineWrapping,
        placeholder(given.hint),
        EditorView.contentAttributes.of({ "aria-label": given.label }),
        keymap.of([{ key: "Mod-Enter", run: runs }, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        language.of(parser(given.language)),
        syntaxHighlighting(LOOKS),
        THEME,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) given.changed(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    selected: () => view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to),
    set: (text, to) =>
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, effects: language.reconfigure(parser(to)) }),
    focus: () => view.focus(),
    end: () => view.destroy(),
  };
}
