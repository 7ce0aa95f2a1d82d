/**
 * The console's looks, as a sheet that its elements share: a page's content-security policy has nothing to say against it.
 * A page changes them with the variables `--wakey-...` (the guide on the console), or with `part="..."`.
 */

const LIGHT = `
  --background: var(--wakey-background, #ffffff);
  --color: var(--wakey-color, #1c2128);
  --dim: var(--wakey-dim, #59636e);
  --border: var(--wakey-border, #d0d7de);
  --accent: var(--wakey-accent, #0b6e64);
  --string: var(--wakey-string, #0a6640);
  --number: var(--wakey-number, #0550ae);
  --error: var(--wakey-error, #b00020);
  --status: var(--wakey-status, #6639ba);
  --selected: var(--wakey-selected, #e3e9f0);
`;
const DARK = `
  --background: var(--wakey-background, #14181f);
  --color: var(--wakey-color, #e6edf3);
  --dim: var(--wakey-dim, #9aa5b1);
  --border: var(--wakey-border, #3a424d);
  --accent: var(--wakey-accent, #58cfc0);
  --string: var(--wakey-string, #7ee2a8);
  --number: var(--wakey-number, #86bdff);
  --error: var(--wakey-error, #ff9aa2);
  --status: var(--wakey-status, #d2a8ff);
  --selected: var(--wakey-selected, #2b333e);
`;

export const STYLE = `
:host {
  ${LIGHT}
  color-scheme: light;
  display: block;
  margin: 1em 0;
  min-width: 0;
  color: var(--color);
  background: var(--background);
  border: 1px solid var(--border);
  border-radius: var(--wakey-radius, 8px);
  overflow: hidden;
  font: var(--wakey-font-size, 14px)/1.5 var(--wakey-font, ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace);
  text-align: start;
  -webkit-text-size-adjust: 100%;
}
:host([hidden]) { display: none; }
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { ${DARK} color-scheme: dark; } }
:host([theme="dark"]) { ${DARK} color-scheme: dark; }
.console { display: flex; flex-direction: column; height: var(--wakey-height, auto); max-height: var(--wakey-max-height, 30em); }
.log { flex: 0 1 auto; min-height: 0; overflow: auto; overscroll-behavior: contain; padding: 10px 12px 0; }
.log:empty { display: none; }
.log .later, .log .later * { color: var(--dim); font-weight: 400; }
.log .later { opacity: 0.8; }
.log:focus-visible, button:focus-visible { outline: 2px solid var(--number); outline-offset: -2px; }
.echo, .reply code, .mirror, textarea { white-space: pre-wrap; overflow-wrap: anywhere; word-break: break-word; }
.echo { margin-top: 4px; }
.echo.several { display: flex; }
.reply + .reply { margin-top: 4px; }
.reply { position: relative; padding-inline-end: 4.5em; }
code { font: inherit; display: block; unicode-bidi: isolate; direction: ltr; }
.prompt { color: var(--accent); white-space: pre; user-select: none; -webkit-user-select: none; }
.string { color: var(--string); }
.number, .bool { color: var(--number); }
.status { color: var(--status); }
.error { color: var(--error); font-weight: 600; }
.null, .mark { color: var(--dim); }
.name { font-weight: 700; }
.label { color: var(--accent); }
button {
  font: inherit; font-size: 12px; line-height: 1.4; color: var(--color); background: var(--background);
  border: 1px solid var(--border); border-radius: 6px; padding: 2px 8px; cursor: pointer; touch-action: manipulation;
}
button:hover { background: var(--selected); }
.copy { position: absolute; inset-block-start: 0; inset-inline-end: 0; padding: 0 6px; color: var(--dim); opacity: 0; }
.reply:hover .copy, .copy:focus-visible { opacity: 1; }
.more { display: block; margin: 4px 0; }
.offers { display: flex; flex-wrap: wrap; gap: 6px; padding: 10px 12px 0; margin: 0; list-style: none; }
.offers button { text-align: start; white-space: pre-wrap; overflow-wrap: anywhere; font-size: inherit; }
.offers .all { color: var(--accent); }
.line:focus-within { box-shadow: inset 3px 0 0 var(--number); }
.line { display: flex; align-items: flex-start; padding: 2px 12px 5px; flex: none; min-height: 0; }
.line .prompt { padding: 4px 0; }
.field { position: relative; flex: 1 1 auto; min-width: 0; display: grid; }
.mirror, textarea { grid-area: 1 / 1; font: inherit; margin: 0; padding: 4px 0; border: 0; min-height: 1.5em; max-height: 12em; }
.mirror { visibility: hidden; pointer-events: none; overflow: hidden; }
.mirror .rest { visibility: visible; color: var(--dim); }
textarea { color: inherit; background: transparent; resize: none; outline: none; width: 100%; height: 100%; box-sizing: border-box; caret-color: var(--accent); border-radius: 4px; overflow: hidden auto; }
.mirror { box-sizing: border-box; }
.tools { display: flex; gap: 6px; flex: none; margin-inline-start: 6px; }
.tools button { min-height: 28px; }
.stop { color: var(--error); border-color: currentColor; }
.touch { display: none; }
.list { margin: 0 12px 8px; padding: 4px; list-style: none; border: 1px solid var(--border); border-radius: 6px; max-height: 10.5em; overflow: auto; flex: 0 1 auto; min-height: 3em; }
.list[hidden] { display: none; }
.option { padding: 1px 6px; border-radius: 4px; cursor: pointer; overflow-wrap: anywhere; }
.option[data-summary]::after { content: attr(data-summary); margin-inline-start: 1.5em; color: var(--dim); font-size: 12px; }
.option[aria-selected="true"] { background: var(--selected); }
.ask { margin: 4px 12px 8px; padding: 8px 10px; border: 1px solid var(--accent); border-radius: 6px; flex: none; }
.ask p { margin: 0; color: var(--dim); }
.ask p:first-child { color: inherit; font-weight: 600; }
.ask code { white-space: pre; overflow: hidden; text-overflow: ellipsis; }
.answers { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px; }
.help { margin: 0; padding: 5px 12px; color: var(--dim); border-top: 1px solid var(--border); font-size: 12px; min-height: 1.5em; overflow-wrap: anywhere; flex: none; margin-top: auto; }
:host(:not(:focus-within)) .help.idle { visibility: hidden; }
:host([readonly]) :is(.line, .help) { display: none; }
:host([readonly]) .log { padding-bottom: 10px; }
.bar { display: flex; justify-content: flex-end; align-items: center; gap: 6px; padding: 6px 8px 0; flex: none; font-size: 12px; }
.bar a { color: var(--accent); padding: 2px 4px; }
::slotted([slot="greeting"]) { margin-bottom: 6px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@media (hover: none) { .copy { opacity: 1; } }
@media (pointer: coarse), (max-width: 480px) {
  .touch { display: inline-block; font-size: 18px; line-height: 1; }
  .tools { gap: 4px; }
  .tools button, .offers button, .answers button, .more { min-height: 40px; min-width: 44px; }
  .copy { min-height: 24px; min-width: 24px; }
  .option { padding: 8px; }
  textarea, .mirror, .line .prompt { font-size: max(16px, var(--wakey-font-size, 16px)); }
}
@media (forced-colors: active) { .option[aria-selected="true"] { outline: 2px solid Highlight; } }
`;

let sheet: CSSStyleSheet | undefined;

/** Puts the style on a shadow root. Where sheets cannot be made so, a style element does, which a strict policy refuses. */
export function dress(root: ShadowRoot): void {
  try {
    if (sheet === undefined) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
    }
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = STYLE;
    root.append(style);
  }
}
