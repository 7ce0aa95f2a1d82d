/** What the parts about data say before they are there. All else is in `strings-data.ts`, which comes with them. */
export const FIRST = {
  keyspace: "Keyspace",
  keys: "Keys",
  keyList: "The list of keys",
  viewer: "Selected key",
  view: "The key’s view",
  monitor: "Monitor",
  tools: "Monitor and tools",
  reading: "Reading…",
  dialog: "The dialog",
  close: "Close",
  failed: (what: string) => `${what} couldn’t be loaded. Check your connection and try again.`,
};
