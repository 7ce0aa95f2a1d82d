/** How the page is laid out: the sizes of its parts, which of them are shown, light or dark. Remembered in this browser. */
import { signal } from "@preact/signals";

const KEPT = "wakey-layout";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

/** Parts that have a size of their own: what it is at first, and its bounds, in pixels. */
const SIZES = {
  side: { least: 200, most: 560, usual: () => clamp(innerWidth * 0.19, 240, 320) },
  data: { least: 280, most: 1200, usual: () => clamp(innerWidth * 0.28, 320, 720) },
  monitor: { least: 90, most: 900, usual: () => clamp(innerHeight * 0.22, 120, 300) },
  keys: { least: 120, most: 1200, usual: () => clamp(innerHeight * 0.38, 160, 700) },
};
export type Sized = keyof typeof SIZES;
/** Parts that can be put away. */
export type Closable = "side" | "monitor" | "data";

interface Layout {
  theme: Theme;
  sizes: Partial<Record<Sized, number>>;
  closed: Partial<Record<Closable, boolean>>;
}

function clamp(n: number, least: number, most: number): number {
  return Math.round(Math.min(Math.max(n, least), most));
}

function read(): Layout {
  const out: Layout = { theme: "system", sizes: {}, closed: {} };
  try {
    const { theme, sizes, closed } = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<Layout>;
    if (THEMES.includes(theme as Theme)) out.theme = theme as Theme;
    for (const name of Object.keys(SIZES) as Sized[]) if (Number.isFinite(sizes?.[name])) out.sizes[name] = Number(sizes![name]);
    for (const name of ["side", "monitor", "data"] as const) out.closed[name] = closed?.[name] === true;
  } catch {
    // Without storage, or with something else in it, it is as at first.
  }
  return out;
}

export const layout = signal<Layout>(read());

function change(to: Partial<Layout>): void {
  layout.value = { ...layout.peek(), ...to };
  try {
    localStorage.setItem(KEPT, JSON.stringify(layout.peek()));
  } catch {
    // As above.
  }
}

export function bounds(name: Sized): { least: number; most: number } {
  return SIZES[name];
}

export function sizeOf(name: Sized): number {
  const { least, most, usual } = SIZES[name];
  return clamp(layout.value.sizes[name] ?? usual(), least, most);
}

/** Gives a part a size; without one, the usual one. */
export function resize(name: Sized, to?: number): void {
  const { least, most } = SIZES[name];
  change({ sizes: { ...layout.peek().sizes, [name]: to === undefined ? undefined : clamp(to, least, most) } });
}

export function isClosed(name: Closable): boolean {
  return layout.value.closed[name] === true;
}

export function toggle(name: Closable, closed = !isClosed(name)): void {
  // From now on what comes is seen to come; at first all is there at once.
  document.documentElement.classList.add("moved");
  change({ closed: { ...layout.peek().closed, [name]: closed } });
}

export function setTheme(theme: Theme): void {
  change({ theme });
  dress();
}

/** Puts the theme on the page. */
export function dress(): void {
  const { theme } = layout.peek();
  if (theme === "system") document.documentElement.removeAttribute("data-theme");
  else document.documentElement.dataset.theme = theme;
}
