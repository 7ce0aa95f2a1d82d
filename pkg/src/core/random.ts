/** Where randomness comes from: 64 bits of it. In Node a way is put here that is quicker to load. */
export const random = {
  bits: (): bigint => crypto.getRandomValues(new BigUint64Array(1))[0] as bigint,
};
