/** A form for a key of any type. */
import { useSignal } from "@preact/signals";
import { chosen, tell, type View } from "../app.js";
import { NEW_KEY, VIEWER } from "../strings.js";
import { Add, coordinates, numbers, useFocus } from "./edits.js";
import "../style/viewer.css";

/** For each type: what a key begins with, and the command that makes it. */
const KINDS: { [kind: string]: { fields: string[]; command: (key: string, a: string, b: string) => string[] } } = {
  string: { fields: ["value"], command: (key, a) => ["SET", key, a, "NX"] },
  hash: { fields: ["field", "value"], command: (key, a, b) => ["HSET", key, a, b] },
  list: { fields: ["element"], command: (key, a) => ["RPUSH", key, a] },
  set: { fields: ["member"], command: (key, a) => ["SADD", key, a] },
  "sorted set": { fields: ["member", "score"], command: (key, a, b) => ["ZADD", key, b, a] },
  geo: { fields: ["member", "longitude, latitude"], command: (key, a, b) => ["GEOADD", key, ...coordinates(b), a] },
  stream: { fields: ["field", "value"], command: (key, a, b) => ["XADD", key, "*", a, b] },
  JSON: { fields: ["JSON"], command: (key, a) => ["SET", key, a, "NX"] },
  array: { fields: ["value"], command: (key, a) => ["ARINSERT", key, a] },
  "vector set": { fields: ["element", "vector"], command: (key, a, b) => ["VADD", key, ...numbers(b), a] },
  HyperLogLog: { fields: ["element"], command: (key, a) => ["PFADD", key, a] },
};

export default function NewKey({ view, close }: { view: View; close: () => void }) {
  const kind = useSignal("string");
  const select = useFocus<HTMLSelectElement>();
  const { fields, command } = KINDS[kind.value]!;
  const make = async (key: string, a = "", b = ""): Promise<void> => {
    if (view.keyspace.has(key)) return tell(VIEWER.taken, true);
    try {
      await view.give(command(key, a, b));
      chosen.value = key;
      close();
    } catch (error) {
      tell((error as Error).message, true);
    }
  };
  return (
    <div
      class="new-key"
      role="group"
      aria-label={NEW_KEY.label}
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <select
        aria-label={NEW_KEY.type}
        ref={select}
        value={kind.value}
        onChange={(event) => {
          kind.value = event.currentTarget.value;
        }}
      >
        {Object.keys(KINDS).map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Add
        key={kind.value}
        fields={["key", ...fields]}
        actions={{ [NEW_KEY.create]: (...values) => void make(values[0]!, values[1], values[2]) }}
      />
    </div>
  );
}
