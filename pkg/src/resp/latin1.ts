/** Bytes as text with one char for each, in which no byte is lost. */

/** The bytes of a latin1 string. */
export function bytes(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  return out;
}

/** One char for each byte. (`apply` takes the bytes as they lie there; spreading them walks an iterator, and takes eight times as long.) */
export function latin1(input: Uint8Array): string {
  let out = "";
  for (let i = 0; i < input.length; i += 8192) out += String.fromCharCode.apply(null, input.subarray(i, i + 8192) as unknown as number[]);
  return out;
}
