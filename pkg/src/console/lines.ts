/** Texts as lines to be run: blocks of a page, what is pasted, transcripts of clients. */
import { gathered } from "../prompt/format.js";

/** With a prompt in front of some line, a text is what a client showed. */
export const TRANSCRIPT = /^[\w.:[\]-]+(\([\w ]+\))?> /m;

const PROMPTED = /^(?:[\w.:[\]-]*(?:\([\w ]+\))?|redis[^>]*)> ?(.*)$/s;

/**
 * The commands of a block, a line each, with those that follow it while it ends inside quotes. Where some begin with a prompt, it is a
 * transcript: the others are replies.
 */
export function linesOf(text: string): string[] {
  const lines = gathered(text.split(/\r?\n/)).map((line) => line.trim());
  const prompted = lines.flatMap((line) => PROMPTED.exec(line)?.[1] ?? []);
  return (prompted.length > 0 ? prompted : lines).filter((line) => line !== "");
}

/** The lines of what is pasted, but for comments; the last one is not ended, and empty where nothing is left. */
export function pasted(text: string): { lines: string[]; last: string } {
  const lines = TRANSCRIPT.test(text) ? [...linesOf(text), ""] : gathered(text.split(/\r\n|\r|\n/));
  const last = lines.pop() ?? "";
  return { lines: lines.filter((line) => !/^\s*(#|\/\/|$)/.test(line)), last };
}
