/** How an RDB file begins. */
const RDB = "REDIS";

/** Whether these bytes are the beginning of an RDB file. @internal */
export function startsRdb(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(0, RDB.length)) === RDB;
}
