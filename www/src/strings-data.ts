/** What the parts about data say: keys, viewers, edits, import and export, monitor, scripts. */

const number = (n: number): string => n.toLocaleString("en");
const of = (n: number, one: string, many = `${one}s`): string => `${number(n)} ${n === 1 ? one : many}`;

export const COPY = {
  copied: (what: string) => `Copied ${what}.`,
  failed: "Couldn’t copy. Select the text and copy it yourself.",
  label: (what: string) => `Copy ${what}`,
};

export const KEYS = {
  title: "Keys",
  reading: "Reading…",
  some: (shown: number, all: number) => `${number(shown)} of ${number(all)}`,
  filter: "Filter keys by name",
  filterHint: "Filter: text or user:*",
  filterTip: "Part of a name, or a pattern with * ? [abc]",
  types: "Show only",
  expires: "expires",
  order: "Sort by",
  orders: { name: "Name", ttl: "Expiry", size: "Size" } as const,
  database: "Database",
  databaseHint: "Database. Follows SELECT in the console until you choose one here.",
  inDatabase: (db: number, keys: number) => (keys === 0 ? `db ${db}` : `db ${db} · ${number(keys)}`),
  follow: "Follow the console’s SELECT again",
  new: "New key",
  more: "More actions for keys",
  tree: "Keys",
  gone: "gone",
  empty: "No keys yet.",
  emptyTry: "SET greeting hello",
  emptyRun: ["Run", "to add one."] as const,
  emptyDrop: "Or drop a dump.rdb anywhere on this page.",
  none: (filter: string) => (filter === "" ? "No keys match these filters." : `No keys match “${filter}”.`),
  clear: "Clear filters",
  group: (name: string) => `Actions for keys under ${name}`,
  import: "Import…",
  export: "Export…",
  expire: "Set expiry…",
  delete: "Delete…",
};

export const VIEWER = {
  reading: "Reading…",
  missing: "This key doesn’t exist at this point.",
  close: "Close this key",
  name: "the key’s name",
  taken: "A key with this name already exists.",
  meta: (amount: string, encoding: string, memory: string): string =>
    [amount, encoding, memory === "" ? "" : `${memory} in memory`].filter((part) => part !== "").join(" · "),
  delete: "Delete",
  deleteSure: "Delete for good",
  deleted: (name: string, undo: boolean) => `Deleted ${name}.${undo ? " Undo brings it back." : ""}`,
  copyCode: "Copy as code",
  the: "the key",
  nameWhat: "the key’s name",
};

export const LIFE = {
  add: "Add TTL",
  addFor: (of: string) => `Add a TTL to ${of}`,
  change: (of: string) => `Change when ${of} expires: `,
  field: (of: string) => `When ${of} expires`,
  hint: "90s, 5m, 2h, or 2026-12-31 18:00",
  presets: ["1m", "1h", "1d", "7d"],
  set: "Set",
  never: "Remove TTL",
  at: (moment: string) => `Expires ${moment} UTC`,
  bad: "Enter a time such as 90s, 5m, 2h, 1d, or a date such as 2026-12-31 18:00 (UTC).",
  past: "That moment has passed.",
};

export const VALUE = {
  the: "the value",
  formats: { text: "Text", json: "JSON", hex: "Hex", msgpack: "MessagePack", bits: "Bits" } as const,
  format: "Show as",
  bytes: (n: number) => of(n, "byte"),
  more: (n: string) => `${n} more`,
  showMore: "Show more",
  ones: (ones: number, all: number) => `${number(ones)} of ${number(all)} bits are 1`,
  edit: "Edit",
  save: "Save",
  cancel: "Cancel",
  minify: "Minify JSON on save",
  notJson: (why: string) => `This is no longer valid JSON (${why}). Save again to keep it as text.`,
  back: (of: string) => `Back to ${of}`,
  gone: "This value no longer exists.",
  open: (what: string) => `Open ${what}`,
  change: (shown: string, what: string) => `${shown}: change ${what}`,
  fold: "Fold or unfold",
  foldAll: "Fold all",
  unfoldAll: "Unfold all",
  items: (n: number, list: boolean) => of(n, list ? "item" : "field"),
  bit: (offset: number, bit: number, byte: number) => `Bit ${number(offset)} (byte ${number(byte)}): ${bit}`,
  tooLong: (n: string) => `Only the first ${n} are shown, so this can’t be edited here.`,
  lines: "Lines of JSON",
  hexRows: "Bytes in hex",
  bitRows: "Bits",
};

export const SHAPES = {
  fields: "Fields",
  elements: "Elements",
  members: "Members",
  field: (name: string) => `field ${name}`,
  element: (index: string | number) => `element ${index}`,
  member: "member",
  score: (member: string) => `score of ${member}`,
  remove: (what: string) => `Remove ${what}`,
  newField: (field: string) => `New ${field}`,
  first: (n: number, all: number, what: string) => `Showing the first ${number(n)} of ${number(all)} ${what}.`,
  set: "Set",
  add: "Add",
  pushRight: "Push right",
  pushLeft: "Push left",
  highest: "Members, highest score first",
  distinct: "distinct elements, within 0.81% (HyperLogLog)",
};

export const NEW_KEY = {
  what: "The form for a new key",
  label: "New key",
  type: "Type of the new key",
  create: "Create",
};

export const GEO = {
  map: (n: number) => `Map of ${of(n, "place")}`,
  in: "Zoom in",
  out: "Zoom out",
  fit: "Show all places",
  as: "Show as",
  asMap: "Map",
  asScores: "Scores",
  pick: "Search around…",
  radius: "Radius",
  around: (name: string) => `Around ${name}`,
  close: "Close the search",
  hint: "Choose a place to see what is near it.",
  first: (n: number, all: number) => `Showing the first ${number(n)} of ${number(all)} places.`,
  add: "Add",
};

export const STREAM = {
  show: "Show",
  entries: (n: number) => `${number(n)} ${n === 1 ? "entry" : "entries"}`,
  groups: (n: number) => of(n, "group"),
  when: "Time (UTC) and ID",
  newest: "Entries, newest first",
  entry: (id: string) => `entry ${id}`,
  value: (field: string, id: string) => `${field} of ${id}`,
  add: "Add",
  field: "+ Field",
  group: (name: string) => `group ${name}`,
  facts: (consumers: number, pending: number, lag: number | undefined) =>
    `${of(consumers, "consumer")} · ${number(pending)} pending · lag ${lag === undefined ? "unknown" : number(lag)}`,
  delivered: (id: string) => `Last delivered: ${id}`,
  consumer: "Consumer that reads and claims",
  consumerName: (name: string) => `consumer ${name}`,
  read: "Read next",
  consumers: "Consumers",
  has: (pending: number, idle: string) => `${number(pending)} pending, idle ${idle}`,
  pending: "Pending entries",
  with: (consumer: string, idle: string, times: number) =>
    `${consumer}, for ${idle}, delivered ${times === 1 ? "once" : `${number(times)} times`}`,
  ack: "Ack",
  ackOf: (id: string) => `Ack ${id}`,
  claim: "Claim",
  claimOf: (id: string, consumer: string) => `Claim ${id} for ${consumer}`,
  none: "No consumer groups yet. Create one to share the entries among workers.",
  from: "The group begins at",
  fromNow: "New entries ($)",
  fromStart: "The beginning (0)",
  create: "Create group",
};

export const ARRAY = {
  facts: (count: number, shown: number, length: string, next: string | undefined) =>
    `${of(count, "element")}${shown < count ? ` (showing ${number(shown)})` : ""} · length ${length}${next === undefined ? "" : ` · next index ${next}`}`,
  gaps: "Elements and gaps",
  empty: (n: bigint) => (n === 1n ? "empty" : `${n.toLocaleString("en")} empty`),
};

export const VECTORS = {
  dimensions: (n: number) => of(n, "dimension"),
  elements: (n: number) => of(n, "element"),
  nearest: "Nearest to",
  all: "All elements",
  alone: "There are no other elements.",
  near: "Find the nearest",
  attributes: (of: string) => `attributes of ${of}`,
  with: (n: string) => `${n} with attributes`,
  first: (n: number) => `, showing the first ${number(n)}`,
  of: (n: number, from: number) => `${of(n, "dimension")}${from > 0 ? ` of ${from}` : ""}`,
};

export const BULK = {
  titles: { export: "Export keys", expire: "Set expiry", delete: "Delete keys" } as const,
  pattern: "Keys matching",
  type: "Type",
  anyType: "Any type",
  after: "Expire after",
  afterHint: "90s, 5m, 2h, a date, or empty for never",
  format: "Format",
  formats: { redis: "Commands (.redis)", json: "JSON", aof: "AOF", code: "Code…" } as const,
  counting: "Counting…",
  found: (n: number, all: number) => (n === 0 ? "No keys match." : `${number(n)} of ${number(all)} keys match:`),
  more: (n: number) => `and ${number(n)} more`,
  progress: "Progress",
  do: {
    export: (n: number) => `Export ${of(n, "key")}`,
    expire: (n: number) => `Set expiry of ${of(n, "key")}`,
    delete: (n: number) => `Delete ${of(n, "key")}`,
  },
  persist: (n: number) => `Remove the TTL of ${of(n, "key")}`,
  cancel: "Cancel",
  deleted: (n: number, undo: boolean) => `Deleted ${of(n, "key")}.${undo ? " Undo brings them back." : ""}`,
  changed: (n: number) => `Changed the expiry of ${of(n, "key")}.`,
  exported: (n: number) => `Exported ${of(n, "key")}.`,
  failed: (n: number, why: string) => `${of(n, "command")} failed: ${why}`,
};

export const IMPORT = {
  title: "Import",
  what: "Commands, a redis-cli transcript, an append-only file, JSON or CSV. Everything stays in this browser.",
  paste: "Paste instead",
  hint: '127.0.0.1:6379> SET greeting hello\nOK\n\nor {"user:1": {"name": "Ann"}}\n\nor id,name,city\n   1,Ann,Bern',
  file: (name: string, bytes: string) => `${name} (${bytes})`,
  choose: "Choose a file…",
  chooseLabel: "Choose a file of commands, JSON, CSV, AOF or RDB",
  prefix: "Key prefix",
  column: "Rest of the key",
  number: "Row number",
  kinds: { commands: "Commands", transcript: "A redis-cli transcript", aof: "An append-only file", json: "JSON", csv: "A table" } as const,
  found: (kind: string, n: number) => `${kind}: ${of(n, "command")}.`,
  more: (n: number) => `and ${number(n)} more`,
  broken: (why: string) => `This can’t be read: ${why}.`,
  large: (most: string) => `Files up to ${most} can be imported.`,
  run: (n: number) => (n === 0 ? "Import" : `Import ${of(n, "command")}`),
  cancel: "Cancel",
  done: (n: number) => `Imported ${of(n, "command")}.`,
  failed: (n: number, failed: number, command: string, why: string) =>
    `${number(failed)} of ${of(n, "command")} failed. First: ${command}: ${why}`,
};

export const CODE = {
  key: (name: string) => `${name} as code`,
  keys: (n: number) => `${of(n, "key")} as code`,
  commands: (n: number) => `${of(n, "command")} as code`,
  client: "Client",
  code: "Code",
  what: "the code",
  copy: "Copy",
  close: "Close",
};

export const EXPLORE = {
  title: "Explorer",
  map: "Memory map",
  mapNote: "prefixes and the largest keys; choose one to look inside",
  path: "Where in the names",
  all: "All keys",
  others: "other keys",
};

export const MONITOR = {
  tools: "Tools",
  tabs: { monitor: "Monitor", script: "Script", pubsub: "Pub/Sub", stats: "Stats" } as const,
  script: "The script editor",
  filter: "Filter",
  filterLabel: "Filter commands by text or by session",
  failed: "Errors",
  pause: "Pause",
  resume: (missed: number) => (missed > 0 ? `Resume (${number(missed)} new)` : "Resume"),
  clear: "Clear",
  empty: "Commands appear here as they run, with their timing.",
  noMatch: "No commands match.",
  latest: "Commands, latest first",
  by: (by: string) => (/^c\d/.test(by) ? `Console ${by.slice(1)}` : by.startsWith("editor") ? "This page’s buttons and forms" : by),
  again: "Put this at the prompt",
  engine: "Time in the engine alone",
  copy: "Copy command",
  command: "the command",
  code: "Copy as code",
  collecting: "Charts appear after a few seconds of data.",
  rate: "Commands/s",
  memory: "Memory",
  keys: "Keys",
};

export const PUBSUB = {
  subscribe: "Subscribe",
  unsubscribe: (pattern: string) => `Unsubscribe from ${pattern}`,
  publish: "Publish",
  heard: (n: number) => (n === 0 ? "No subscribers received it." : `${of(n, "subscriber")} received it.`),
  none: "Subscribe to a pattern such as news.* to see messages here.",
  waiting: "Listening. Messages appear here.",
  channels: (names: string) => `Active channels: ${names}`,
  clear: "Clear",
  newest: "Messages, newest first",
};

export const SCRIPT = {
  language: "Language",
  languages: { commands: "Commands", lua: "Lua (EVAL)" } as const,
  keys: "KEYS",
  args: "ARGV",
  run: "Run",
  runKey: "Ctrl ⏎",
  runTip: "Run the selection, or everything",
  clear: "Clear replies",
  editor: "Script",
  console: "Replies of the script",
  hint: "One command per line",
  example: "# One command per line. Ctrl-Enter runs the selection, or everything.\nSET counter 10\nINCRBY counter 5\nGET counter\n",
  exampleLua:
    "-- KEYS and ARGV are above. Ctrl-Enter runs it.\nlocal n = redis.call('INCRBY', KEYS[1], ARGV[1])\nif n > 100 then\n  redis.call('SET', KEYS[1], 0)\nend\nreturn n\n",
};
