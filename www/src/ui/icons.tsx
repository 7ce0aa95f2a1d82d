/** The page's icons, drawn for it: strokes on a grid of 16, in the colour of the text beside them; and its mark. */

const DRAWN = {
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.2v9.6l8-4.8z",
  step: "M3.5 4v8l6-4zM12.5 4v8",
  faster: "M2.5 4v8l5.5-4zM8 4v8l5.5-4z",
  plus: "M8 3.5v9M3.5 8h9",
  minus: "M3.5 8h9",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.2 3.2L13 4.8",
  down: "M4 6.2l4 4 4-4",
  up: "M4 9.8l4-4 4 4",
  right: "M6.2 4l4 4-4 4",
  left: "M9.8 4l-4 4 4 4",
  undo: "M6 3.5L3 6.5l3 3M3 6.5h6.2a3.3 3.3 0 0 1 0 6.6H6.5",
  redo: "M10 3.5l3 3-3 3M13 6.5H6.8a3.3 3.3 0 0 0 0 6.6h2.7",
  share: "M8 9.8V2.5M5 5.2l3-3 3 3M3.5 8.5V13h9V8.5",
  download: "M8 2.5v7.3M5 7l3 3 3-3M3.5 10.5V13h9v-2.5",
  upload: "M8 10V2.8M5 5.5l3-3 3 3M3.5 10.5V13h9v-2.5",
  link: "M6.8 9.2a2.6 2.6 0 0 1 0-3.7l2.2-2.2a2.6 2.6 0 0 1 3.7 3.7l-1.1 1.1M9.2 6.8a2.6 2.6 0 0 1 0 3.7L7 12.7A2.6 2.6 0 0 1 3.3 9l1.1-1.1",
  copy: "M6 5.8h7.2v7.4H6zM3.8 10.2H2.8V2.8H10v1",
  paste: "M5.5 3.5h-2v10h9v-10h-2M5.8 2.3h4.4v2.4H5.8z",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.3 10.3l3.2 3.2",
  filter: "M2.5 3.5h11l-4.3 5v4l-2.4-1.3V8.5z",
  sort: "M5 3v10M2.5 10.5L5 13l2.5-2.5M8.5 4h5M8.5 7.5h3.8M8.5 11h2.5",
  key: "M5.2 13.2a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8zM7.3 8.3l5.6-5.6M10.5 5l2 2M12.6 3l1 1",
  terminal: "M3 4.5L6.5 8 3 11.5M8 12h5",
  book: "M8 4.2C6.6 3.2 4.8 2.9 2.5 3v9.2c2.3-.1 4.1.2 5.5 1.2 1.4-1 3.2-1.3 5.5-1.2V3C11.2 2.9 9.4 3.2 8 4.2zM8 4.2v9.2",
  monitor: "M1.8 8.5h2.8L6.3 4l3 8.5 1.8-4h3.1",
  chart: "M3 13V8.5M6.4 13V4M9.8 13V6.5M13.2 13V3",
  clock: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5",
  calendar: "M2.8 4h10.4v9.2H2.8zM2.8 7h10.4M5.6 2.5V5M10.4 2.5V5",
  hourglass: "M4 2.5h8M4 13.5h8M4.8 2.5c0 3 1.2 4 3.2 5.5 2-1.5 3.2-2.5 3.2-5.5M4.8 13.5c0-3 1.2-4 3.2-5.5 2 1.5 3.2 2.5 3.2 5.5",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M12.5 3.5l-.8.8M4.3 11.7l-.8.8",
  moon: "M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z",
  system: "M2 3.2h12v8H2zM5.5 13.5h5M8 11.2v2.3",
  more: "M3.4 8h.01M8 8h.01M12.6 8h.01",
  menu: "M2.8 4.5h10.4M2.8 8h10.4M2.8 11.5h10.4",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.3 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.7-.9 1.3M8 11.3h.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5v3.6M8 5h.01",
  warning: "M8 2.6l6 10.6H2zM8 6.8v2.8M8 11.4h.01",
  code: "M5.3 4.8L2.2 8l3.1 3.2M10.7 4.8L13.8 8l-3.1 3.2M9.2 3.2L6.8 12.8",
  braces:
    "M6 2.8c-1.7 0-2 .8-2 2.2S3.8 7.5 2.5 8C3.8 8.5 4 9.6 4 11s.3 2.2 2 2.2M10 2.8c1.7 0 2 .8 2 2.2s.2 2.5 1.5 3c-1.3.5-1.5 1.6-1.5 3s-.3 2.2-2 2.2",
  external: "M6.5 3.5h-3v9h9v-3M9 2.8h4.2V7M13 3L7.5 8.5",
  folder: "M2 12.8V3.6h4l1.5 1.8H14v7.4z",
  file: "M3.8 2.2h5.4l3 3v8.6H3.8zM9 2.4v3h3",
  trash: "M2.8 4.3h10.4M6 4.2V2.6h4v1.6M4.2 4.4l.6 9h6.4l.6-9M6.8 7v3.8M9.2 7v3.8",
  edit: "M3 13l.6-2.8 7.3-7.3 2.2 2.2-7.3 7.3zM9.5 4.3l2.2 2.2",
  eye: "M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  branch:
    "M4.5 5.4v5.2M4.5 5.4a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4.5 13.6a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 5.4a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM11.5 5.4c0 3.4-7 2.2-7 5.2",
  diff: "M4.5 3v5M2 5.5h5M9 10.5h5M3 13.2L13 2.8",
  split: "M2.5 3h11v10h-11zM8 3v10",
  panel: "M2.5 3h11v10h-11zM6.2 3v10",
  command:
    "M5.8 5.8h4.4v4.4H5.8zM5.8 5.8H4.3a1.6 1.6 0 1 1 1.5-1.6zM10.2 5.8h1.5a1.6 1.6 0 1 0-1.5-1.6zM5.8 10.2H4.3a1.6 1.6 0 1 0 1.5 1.6zM10.2 10.2h1.5a1.6 1.6 0 1 1-1.5 1.6z",
  lock: "M3.8 7.2h8.4v6H3.8zM5.5 7V5.2a2.5 2.5 0 0 1 5 0V7",
  server: "M2.5 3h11v4.2h-11zM2.5 8.8h11V13h-11zM5 5.1h.01M5 10.9h.01",
  database:
    "M8 6c2.9 0 5-.8 5-1.9S10.9 2.2 8 2.2 3 3 3 4.1 5.1 6 8 6zM3 4.1v7.8C3 13 5.1 13.8 8 13.8s5-.8 5-1.9V4.1M3 8c0 1.1 2.1 1.9 5 1.9S13 9.1 13 8",
  pin: "M8 14s4.5-4.2 4.5-7.5a4.5 4.5 0 0 0-9 0C3.5 9.8 8 14 8 14zM8 8.2a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z",
  radio:
    "M8 9.2a1.2 1.2 0 1 0 0-2.4 1.2 1.2 0 0 0 0 2.4zM5.2 10.8a4 4 0 0 1 0-5.6M10.8 5.2a4 4 0 0 1 0 5.6M3.2 12.8a6.8 6.8 0 0 1 0-9.6M12.8 3.2a6.8 6.8 0 0 1 0 9.6",
  table: "M2.5 3h11v10h-11zM2.5 6.3h11M6.5 6.3V13",
  tree: "M3.5 3v8.5h4M3.5 6.5h4M9.5 5h4v3h-4zM9.5 10h4v3h-4z",
  list: "M6 4.5h7.5M6 8h7.5M6 11.5h7.5M2.8 4.5h.01M2.8 8h.01M2.8 11.5h.01",
  refresh: "M13 8a5 5 0 1 1-1.6-3.7M13.2 2.5v2.8h-2.8",
  spark: "M8 2v3.5M8 10.5V14M2 8h3.5M10.5 8H14M4 4l2 2M10 10l2 2M12 4l-2 2M6 10l-2 2",
  run: "M3 3.5v4.5a2 2 0 0 0 2 2h8M10 7l3 3-3 3",
} as const;

export type IconName = keyof typeof DRAWN;

/** Beside a text, or in a button whose `aria-label` says what it does: it is never read out. */
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={DRAWN[name]} />
    </svg>
  );
}

/** A key of a keyboard with a W on it, whose last stroke ends where the sun comes up; as in public/icon.svg. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg class="mark" width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="15" fill="#0b6e64" />
      <path d="M13 24l8 23 11-19 11 19 5-14" fill="none" stroke="#fff" stroke-width="6" stroke-linecap="round" stroke-linejoin="round" />
      <circle cx="50" cy="17" r="6.5" fill="#ffb84d" />
    </svg>
  );
}
