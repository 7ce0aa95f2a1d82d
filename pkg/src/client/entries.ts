/**
 * Entries of streams as objects: `["1-1", ["field", "value"]]` becomes `{ id: "1-1", message: { field: "value" } }`, as node-redis has it.
 *
 * One that XREADGROUP's CLAIM took has two numbers behind it, which get node-redis's names. In the replies of the commands that have any
 * (`ENTRIES`), nothing but an entry is an array that begins with a string and null or an array of strings: not even a stream with its entries,
 * which is one after HELLO 2. In bytes that would not be so, since maps are pairs there.
 */

/** A reply with its entries as objects; of what is to come, the same later. @internal */
export function shaped(reply: unknown): unknown {
  if (reply instanceof Promise) return reply.then(shaped);
  if (Array.isArray(reply)) {
    const [id, fields, millisElapsedFromDelivery, deliveriesCounter] = reply;
    const isEntry =
      reply.length % 2 === 0 && typeof id === "string" && (fields === null || (Array.isArray(fields) && typeof fields[0] === "string"));
    if (!isEntry) return reply.map(shaped);
    const entry = { id, message: fields && messageOf(fields) };
    return reply.length === 2 ? entry : { ...entry, millisElapsedFromDelivery, deliveriesCounter };
  }
  if (typeof reply !== "object" || reply === null || reply instanceof Error) return reply;
  const map = reply as { [name: string]: unknown };
  for (const name in map) map[name] = shaped(map[name]);
  return map;
}

function messageOf(fields: readonly string[]): object {
  const message: { [field: string]: string } = Object.create(null);
  for (let i = 0; i < fields.length; i += 2) message[fields[i] as string] = fields[i + 1] as string;
  return message;
}

/** What the option `entries` says. Throws TypeError. @internal */
export function wantsObjects(entries: unknown): boolean {
  if (entries !== undefined && entries !== "array" && entries !== "object") throw new TypeError("entries must be one of array, object");
  return entries === "object";
}
