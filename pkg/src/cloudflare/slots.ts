/** Which object a key belongs to: by its cluster slot, as in a Redis Cluster. */
import { encoded, type Flat } from "../resp/command.js";

const SLOTS = 16384;

/** The table of CRC16-CCITT (XMODEM), polynomial 0x1021. */
const CRC = Uint16Array.from({ length: 256 }, (_, i) => {
  let crc = i << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/** The cluster slot of a key, 0 to 16383. */
export function slotOf(key: Flat): number {
  let bytes = typeof key === "string" ? encoded(key) : key;
  const open = bytes.indexOf(123);
  if (open >= 0) {
    const end = bytes.indexOf(125, open + 1);
    if (end > open + 1) bytes = bytes.subarray(open + 1, end);
  }
  let crc = 0;
  for (const byte of bytes) crc = ((crc << 8) ^ (CRC[((crc >> 8) ^ byte) & 255] as number)) & 0xffff;
  return crc % SLOTS;
}

/** The object, of `shards`, that a key is in. */
export function shardOf(key: Flat, shards: number): number {
  return Math.floor((slotOf(key) * shards) / SLOTS);
}
