/** A part of the page that comes in a script of its own, after what is needed at first. */
import { type ComponentType, h } from "preact";
import { useEffect, useState } from "preact/hooks";
import { tell } from "../app.js";
import { T } from "../strings.js";

/** Until it is there, nothing is shown. What did not load is tried again the next time that it is to be shown. */
/* @__NO_SIDE_EFFECTS__ */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let found: ComponentType<P> | undefined;
  return function Later(props: P) {
    const [, there] = useState(() => found);
    useEffect(() => {
      if (found !== undefined) return;
      load().then(
        (part) => {
          found = part;
          there(() => part);
        },
        () => tell(T.partMissing, true),
      );
    }, []);
    return found === undefined ? null : h(found, props);
  };
}
