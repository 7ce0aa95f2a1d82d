/** `<wakey-console>` in JSX and in Vue's templates, as the README declares it. Checked by `tsc`, never run. */
import type { ConsoleElements } from "wakey/console";

declare module "react" {
  namespace JSX {
    interface IntrinsicElements extends ConsoleElements {}
  }
}
declare module "vue" {
  interface GlobalComponents extends ConsoleElements {}
}

export const right = <wakey-console setup="SET k v" clock={0} seed="7" height={200} tools readonly aria-label="Try it" />;
// @ts-expect-error: no such theme
export const wrong = <wakey-console theme="pink" />;
export const inVue: import("vue").GlobalComponents["wakey-console"] = { offer: true, db: "shop" };
