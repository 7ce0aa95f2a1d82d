/** The dialogs of the page: each comes when it is asked for. */
import type { App, asked } from "../app.js";
import { later } from "./later.js";
import type { Restart } from "./page.js";

interface Given {
  app: App;
  restart: Restart;
}

const ALL = {
  share: later<Given>(async () => (await import("./share.js")).Share),
  keys: later<Given>(async () => (await import("./sheet.js")).Sheet),
  connect: later<Given>(async () => (await import("./connect.js")).Connect),
  palette: later<Given>(async () => (await import("./palette.js")).Palette),
  diff: later<Given>(async () => (await import("./diff.js")).Diff),
};

export function Dialogs({ which, ...given }: Given & { which: NonNullable<typeof asked.value> }) {
  const One = ALL[which];
  return <One key={which} {...given} />;
}
