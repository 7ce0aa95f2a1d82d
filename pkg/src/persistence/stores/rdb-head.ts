/** Whether these bytes, six or more, are the beginning of an RDB file. @internal */
export function startsRdb(bytes: Uint8Array): boolean {
  return /^(REDIS|VALKEY)/.test(String.fromCharCode(...bytes.subarray(0, 6)));
}
