/** SHA-1, by which Redis names scripts: at once, where the platform's own is a promise or not there. FIPS 180-4, section 6.1. */

const rotated = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

/** The SHA-1 of some bytes, as forty hexadecimal digits. */
export function sha1(bytes: Uint8Array): string {
  const { length } = bytes;
  const blocks = new DataView(new ArrayBuffer(((length + 8) >> 6) * 64 + 64));
  new Uint8Array(blocks.buffer).set(bytes);
  blocks.setUint8(length, 0x80);
  blocks.setUint32(blocks.byteLength - 8, Math.floor(length / 2 ** 29));
  blocks.setUint32(blocks.byteLength - 4, length << 3);
  const hash = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const w = new Int32Array(80);
  for (let at = 0; at < blocks.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = blocks.getInt32(at + 4 * i);
    for (let i = 16; i < 80; i++)
      w[i] = rotated((w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number), 1);
    let [a, b, c, d, e] = hash as [number, number, number, number, number];
    for (let i = 0; i < 80; i++) {
      const [f, k] =
        i < 20
          ? [(b & c) | (~b & d), 0x5a827999]
          : i < 40
            ? [b ^ c ^ d, 0x6ed9eba1]
            : i < 60
              ? [(b & c) | (b & d) | (c & d), 0x8f1bbcdc]
              : [b ^ c ^ d, 0xca62c1d6];
      const next = (rotated(a, 5) + f + e + k + (w[i] as number)) | 0;
      [a, b, c, d, e] = [next, a, rotated(b, 30), c, d];
    }
    [a, b, c, d, e].forEach((word, i) => {
      hash[i] = ((hash[i] as number) + word) | 0;
    });
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
