/** Parts of the page that come when they are asked for. */
import type { ComponentType, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { tell } from "../app.js";
import { FIRST } from "../strings.js";

/** A part that is loaded with its first use; `what` is its name where it does not come. Until then `meanwhile` stands there. */
/* @__NO_SIDE_EFFECTS__ */
export function lazy<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  what: string,
  meanwhile: VNode | null = null,
): (props: Props) => VNode | null {
  let loaded: ComponentType<Props> | undefined;
  return (props) => {
    const [Part, found] = useState<ComponentType<Props> | undefined>(() => loaded);
    useEffect(() => {
      if (Part !== undefined) return;
      load().then(
        (part) => {
          loaded = part;
          found(() => part);
        },
        () => tell(FIRST.failed(what), true),
      );
    }, []);
    return Part === undefined ? meanwhile : <Part {...props} />;
  };
}
