/** The bar above a console: Reset, Copy, and a link that opens what was typed in a playground. */
import { element } from "./screen.js";

/** What `playground` opens: as `www/src/share.ts` reads it. */
export interface Told {
  seed: number;
  start: number;
  now: number;
  events: { at: number; by: string; args: readonly string[] }[];
}

/** A link longer than this is refused by some that pass links on. */
const LONGEST = 64_000;

/** The fragment of a link to a playground. */
export async function fragment(told: Told): Promise<string> {
  const stream = new Blob([JSON.stringify({ v: 1, ...told })]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const packed = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  return `s=${btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** Where a playground is: only what a browser opens as a page. */
export function addressOf(text: string | null): string | undefined {
  if (text === null) return undefined;
  try {
    const url = new URL(text, document.baseURI);
    return /^(https?|file):$/.test(url.protocol) ? url.href.split("#")[0] : undefined;
  } catch {
    return undefined;
  }
}

export interface Bar {
  whole: HTMLElement;
  /** Lets the link open what was done. */
  follow(told: Told): void;
}

/** `text`: what the console shows now. */
export function bar(playground: string | undefined, tools: boolean, reset: () => void, text: () => string): Bar {
  const whole = element("div", { class: "bar", part: "bar", role: "toolbar", "aria-label": "Console" });
  const said = element("span", { class: "unseen", role: "status" });
  const button = (label: string, act: () => void): void => {
    const one = element("button", { type: "button" }, label);
    one.addEventListener("click", act);
    whole.append(one);
  };
  if (tools) {
    button("Reset", reset);
    const copied = (how: string) => (): void => {
      said.textContent = how;
    };
    if (navigator.clipboard)
      button("Copy", () => void navigator.clipboard.writeText(text()).then(copied("Copied."), copied("Couldn’t copy.")));
  }
  const link = element("a", { target: "_blank", rel: "noopener noreferrer" }, "Open in the playground") as HTMLAnchorElement;
  if (playground !== undefined) {
    link.href = playground;
    whole.append(link);
  }
  whole.append(said);
  let turn = 0;
  return {
    whole,
    follow(told) {
      if (playground === undefined || typeof CompressionStream !== "function") return;
      const mine = ++turn;
      void fragment(told).then((made) => {
        if (mine === turn) link.href = made.length <= LONGEST ? `${playground}#${made}` : playground;
      });
    },
  };
}
