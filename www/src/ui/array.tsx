/** An array: its elements by their indexes, what is empty between them, and where the next one goes. */
import { Add, Remove, Value } from "./edits.js";
import { list, MOST, pairs, ROW, type Shown, text } from "./shown.js";
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

export function ArrayView({ view, name, edit }: Shown) {
  const elements = list(view.keyspace.ask("ARSCAN", name, 0, LAST, "LIMIT", MOST));
  const info = pairs(view.keyspace.ask("ARINFO", name));
  const next = view.keyspace.ask("ARNEXT", name);
  const rows = rowsOf(elements);
  const count = Number(info["count"] ?? elements.length);
  const number = (value: unknown): string => BigInt(text(value) || 0).toLocaleString("en");
  return (
    <>
      <div class="tools">
        <span class="muted">
          {count.toLocaleString("en")} {count === 1 ? "element" : "elements"}
          {elements.length < count && `, of which the first ${elements.length.toLocaleString("en")} are here`}, length {number(info["len"])}
          {next !== null && next !== undefined && `, the next goes to ${number(next)}`}
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
        label="Elements and gaps"
        row={(i) => {
          const row = rows[i]!;
          if ("count" in row)
            return (
              <div class="pair gap">
                <span class="index">{String(row.from)}</span>
                <span class="value">{row.count === 1n ? "empty" : `${row.count.toLocaleString("en")} empty`}</span>
              </div>
            );
          const index = String(row.index);
          return (
            <div class="pair">
              <span class="index">{index}</span>
              <Value value={row.value} label={`element ${index}`} change={(to) => edit("ARSET", name, index, to)} />
              <Remove what={`element ${index}`} remove={() => edit("ARDEL", name, index)} />
            </div>
          );
        }}
      />
      <Add
        fields={["value", "index"]}
        actions={{
          Add: (value, index) => (index ? edit("ARSET", name, index, value!) : edit("ARINSERT", name, value!)),
        }}
      />
    </>
  );
}
