/** Facts by name. Without a prototype: a name that a caller makes up finds nothing. */
export function named<V>(entries: { [name: string]: V }): { readonly [name: string]: V | undefined } {
  return Object.assign(Object.create(null), entries);
}
