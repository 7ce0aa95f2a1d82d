/**
 * JSON as lines that fold, and its two forms, pretty and without spaces. Numbers, escapes, names that stand twice and their order stay as
 * they are written: nothing goes through JavaScript's values, which would round numbers of more than 53 bits.
 */

export type Kind = "open" | "close" | "comma" | "colon" | "string" | "number" | "word";

export interface Token {
  kind: Kind;
  text: string;
}

export interface Line {
  depth: number;
  /** The name before the value, as it is written; empty in arrays. */
  name: string;
  kind: Kind;
  text: string;
  /** Of a line that opens: the line that closes it, and how much is between them. */
  close: number;
  count: number;
  comma: boolean;
}

const MARKS: { [char: string]: Kind } = { "{": "open", "[": "open", "}": "close", "]": "close", ",": "comma", ":": "colon" };

/** The words of a text that is JSON. */
export function* tokens(text: string): Generator<Token> {
  for (let i = 0; i < text.length; ) {
    const char = text[i]!;
    if (char === " " || char === "\n" || char === "\r" || char === "\t") {
      i++;
      continue;
    }
    const mark = MARKS[char];
    let end = i + 1;
    if (char === '"') {
      while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
      end++;
    } else if (mark === undefined) while (end < text.length && !/[\s,:[\]{}"]/.test(text[end]!)) end++;
    yield { kind: mark ?? (char === '"' ? "string" : /[-\d]/.test(char) ? "number" : "word"), text: text.slice(i, end) };
    i = end;
  }
}

/** What stands on lines, an element each. An empty object or array is one line. */
export function lines(all: Iterable<Token>): Line[] {
  const out: Line[] = [];
  const open: number[] = [];
  let name = "";
  let before: Token | undefined;
  let written: Token | undefined;
  const put = (kind: Kind, text: string): void => {
    const above = open.at(-1);
    if (above !== undefined && kind !== "close") out[above]!.count++;
    out.push({ depth: open.length, name, kind, text, close: -1, count: 0, comma: false });
    name = "";
  };
  for (const token of all) {
    switch (token.kind) {
      case "colon":
        name = written?.text ?? "";
        written = undefined;
        break;
      case "comma":
        if (written) put(written.kind, written.text);
        written = undefined;
        if (out.length > 0) out.at(-1)!.comma = true;
        break;
      case "open":
        put("open", token.text);
        open.push(out.length - 1);
        break;
      case "close": {
        if (written) put(written.kind, written.text);
        written = undefined;
        const begin = open.pop();
        if (begin === undefined) break;
        if (before?.kind === "open") {
          out[begin]!.text += token.text;
          out[begin]!.kind = "word";
          break;
        }
        put("close", token.text);
        out[begin]!.close = out.length - 1;
        break;
      }
      default:
        written = token;
    }
    before = token;
  }
  if (written) put(written.kind, written.text);
  return out;
}

/** The same JSON with an element on each line. */
export function pretty(text: string): string {
  return lines(tokens(text))
    .map(({ depth, name, text, comma }) => `${"  ".repeat(depth)}${name === "" ? "" : `${name}: `}${text}${comma ? "," : ""}`)
    .join("\n");
}

/** The same JSON without a space between its words. */
export function minified(text: string): string {
  let out = "";
  for (const token of tokens(text)) out += token.text;
  return out;
}
