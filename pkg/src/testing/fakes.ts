/**
 * What fake timers hold up of clients, and nothing here can help: said, once, where a test would only hang. Those of Jest and Vitest
 * (@sinonjs/fake-timers) carry their clock.
 */
const said = new Set<string>();

const isFake = (timer: unknown): boolean => typeof timer === "function" && "clock" in timer;

function say(what: string): void {
  if (said.has(what)) return;
  said.add(what);
  console.warn(`wakey: ${what}`);
}

const ADVICE = 'vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "Date"] })';

/** Vitest's is Node's own: no stream goes on without it. Jest's is the test's, and holds up nobody. @internal */
export function mindTicks(): void {
  if (process.env["VITEST"] !== undefined && isFake(process.nextTick))
    say(`process.nextTick is faked, without which no client in Node gets a reply: ${ADVICE}`);
}

/** node-redis writes in it. @internal */
export function mindImmediates(): void {
  if (!isFake(globalThis.setImmediate)) return;
  const advice = process.env["VITEST"] === undefined ? 'jest.useFakeTimers({ doNotFake: ["setImmediate"] })' : ADVICE;
  say(`setImmediate is faked, in which node-redis writes: nothing is sent until timers are advanced; ${advice}`);
}
