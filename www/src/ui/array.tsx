/** An array: its elements by their indexes, what is empty between them, and where the next one goes. */
import { ARRAY, SHAPES } from "../strings.js";
import { Acts, Add, Open, Remove, Value } from "./edits.js";
import { list, MOST, maybe, pairs, ROW, type Shown, text } from "./shown.js";
import { Virtual } from "./virtual.js";

const LAST = "18446744073709551614";

/** An element, or how many places in a row have none. */
type Row = { index: bigint; value: string } | { from: bigint; count: bigint };

/** The elements in their order, with a row for each gap between them. */
function rowsOf(elements: readonly unknown[]): Row[] {
  const out: Row[] = [];
  let next = 0n;
  for (const element of elements) {
    const [at, value] = list(element);
    const index = BigInt(text(at));
    if (index > next) out.push({ from: next, count: index - next });
    out.push({ index, value: text(value) });
    next = index + 1n;
  }
  return out;
}

export function ArrayView({ view, name, edit, open }: Shown) {
  const elements = list(view.keyspace.ask("ARSCAN", name, 0, LAST, "LIMIT", MOST));
  const info = pairs(view.keyspace.ask("ARINFO", name));
  const next = view.keyspace.ask("ARNEXT", name);
  const rows = rowsOf(elements);
  const count = Number(info["count"] ?? elements.length);
  const number = (value: unknown): string => BigInt(text(value) || 0).toLocaleString("en");
  return (
    <>
      <div class="tools bar">
        <span class="muted">
          {ARRAY.facts(count, elements.length, number(info["len"]), next === null || next === undefined ? undefined : number(next))}
        </span>
        <details class="facts">
          <summary>ARINFO</summary>
          <dl>
            {Object.entries(info).map(([fact, value]) => (
              <div key={fact}>
                <dt>{fact}</dt>
                <dd>{text(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      </div>
      <Virtual
        count={rows.length}
        height={ROW}
        label={ARRAY.gaps}
        print={(i) => {
          const row = rows[i]!;
          return "count" in row ? { name: `gap ${row.from}`, shows: "" } : { name: String(row.index), shows: row.value };
        }}
        row={(i) => {
          const row = rows[i]!;
          if ("count" in row)
            return (
              <div class="pair gap">
                <span class="index">{String(row.from)}</span>
                <span class="value">{ARRAY.empty(row.count)}</span>
              </div>
            );
          const index = String(row.index);
          const what = SHAPES.element(index);
          const save = (to: string): void => edit("ARSET", name, index, to);
          const look = (): void => open({ title: what, read: () => maybe(view.keyspace.ask("ARGET", name, index)), save });
          return (
            <div class="pair">
              <span class="index">{index}</span>
              <Value value={row.value} label={what} change={save} open={look} />
              <Acts>
                <Open what={what} open={look} />
                <Remove what={what} remove={() => edit("ARDEL", name, index)} />
              </Acts>
            </div>
          );
        }}
      />
      <Add
        fields={["value", "index"]}
        actions={{
          [SHAPES.add]: (value, index) => (index ? edit("ARSET", name, index, value!) : edit("ARINSERT", name, value!)),
        }}
      />
    </>
  );
}
