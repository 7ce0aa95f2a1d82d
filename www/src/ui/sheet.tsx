/** The sheet of keys. */
import { SHEET, T } from "../strings.js";
import { Dialog } from "./dialog.js";

export function Sheet() {
  return (
    <Dialog title={T.shortcuts} class="sheet">
      {SHEET.groups.map(({ title, keys }) => (
        <section key={title}>
          <h3>{title}</h3>
          <dl>
            {keys.map(([key = "", what]) => (
              <div key={key}>
                <dt>
                  {key.split(" ").map((one) => (
                    <kbd key={one}>{one}</kbd>
                  ))}
                </dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
