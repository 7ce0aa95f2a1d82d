/** COMPAT.md from the command table; see below. */
export function compat() {
  return undefined;
}
