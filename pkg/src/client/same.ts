/** Whether two replies say the same: what live queries are told of changes by. */

function entries(value: object): [string, unknown][] {
  return Object.entries(value);
}

/** Whether two values are equal by what is in them: arrays, bytes, Maps, Sets, plain objects, and what they hold. @internal */
export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, i) => same(one, b[i]));
  if (a instanceof Uint8Array) return b instanceof Uint8Array && a.length === b.length && a.every((byte, i) => byte === b[i]);
  if (a instanceof Set) return b instanceof Set && a.size === b.size && same([...a], [...b]);
  if (a instanceof Map) return b instanceof Map && a.size === b.size && same([...a], [...b]);
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
  const prototype = Object.getPrototypeOf(a);
  if (prototype !== null && prototype !== Object.prototype) return false;
  const [left, right] = [entries(a), entries(b)];
  return (
    left.length === right.length && left.every(([key, value]) => Object.hasOwn(b, key) && same(value, (b as Record<string, unknown>)[key]))
  );
}
