/**
 * What tests in other languages need of a server, as a command: `WAKEY CLOCK ADVANCE 60000`, `WAKEY INTERCEPT GET ERROR "LOADING ..."`,
 * `WAKEY RESET`. Only where a server was asked for it (`serve({ testing: true })`, `wakey serve --testing`): who may send it, may do
 * anything.
 */
import type { Client, Wakey } from "../client/client.js";
import type { Fault, Verdict } from "../client/intercept.js";
import { engineOf } from "../client/port.js";
import type { Clock, ManualClock } from "../core/clock.js";
import type { TestClock } from "./clock.js";

const HELP = [
  "WAKEY <subcommand> [<arg> [value] [opt] ...]. Subcommands are:",
  "CLOCK GET",
  "    The time, in milliseconds since the epoch.",
  "CLOCK SET <milliseconds>",
  "    Set the clock. It goes on, or stands, as before.",
  "CLOCK ADVANCE <milliseconds>",
  "    Move the clock on, and expire what is due.",
  "CLOCK PAUSE",
  "    Stop the clock.",
  "CLOCK RUN",
  "    Set the clock going from where it stands.",
  "INTERCEPT <command|*> [AFTER <count>] [TIMES <count>] [DELAY <milliseconds>] [ERROR <message>|REPLY <text>|NIL|DROP]",
  "    Answer a command in place of the server, delay it, or drop its connection.",
  "INTERCEPT CLEAR",
  "    Let all commands run.",
  "RESET",
  "    Remove all keys, scripts, functions and interceptors, and set the clock to the system's time.",
  "SEED <number>",
  "    Have random numbers come from this seed.",
  "HELP",
  "    Print this help.",
];

class Refusal extends Error {}

function number(text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text.trim() === "" || !Number.isFinite(value)) throw new Refusal("ERR value is not a number or out of range");
  return value;
}

function count(text: string | undefined): number {
  const value = number(text);
  if (!Number.isInteger(value) || value < 0) throw new Refusal("ERR value is not an integer or out of range");
  return value;
}

const SYNTAX = "ERR syntax error";

/** Reads INTERCEPT's words behind the command. */
function faultOf(words: readonly string[]): { fault: Fault; times: number; after: number } {
  const fault: Fault = {};
  let [times, after] = [Number.POSITIVE_INFINITY, 0];
  const once = (): void => {
    if ("reply" in fault || "drop" in fault) throw new Refusal(SYNTAX);
  };
  for (let i = 0; i < words.length; i++) {
    const word = (words[i] as string).toUpperCase();
    if (word === "TIMES") times = count(words[++i]);
    else if (word === "AFTER") after = count(words[++i]);
    else if (word === "DELAY") fault.delay = count(words[++i]);
    else if (word === "DROP") {
      once();
      fault.drop = true;
    } else if (word === "NIL") {
      once();
      fault.reply = null;
    } else if ((word === "ERROR" || word === "REPLY") && i + 1 < words.length) {
      once();
      const text = words[++i] as string;
      fault.reply = word === "ERROR" ? new Error(text) : text;
    } else throw new Refusal(SYNTAX);
  }
  if (Object.keys(fault).length === 0) throw new Refusal(SYNTAX);
  return { fault, times, after };
}

/** Has a database answer WAKEY, until the returned function is called. @internal */
export function answerWakey(db: Wakey, clock: Clock): () => void {
  const engine = engineOf(db);
  const faults = new Set<() => void>();
  const session: Client = db.session({ name: "wakey-testing" });
  const clear = (): void => {
    for (const stop of faults) stop();
    faults.clear();
  };

  const moved = (words: readonly string[]): number => {
    const hand = clock as Partial<TestClock> & ManualClock;
    const [how = "", ms, more] = words;
    const move = how.toUpperCase();
    const has = move === "SET" || move === "ADVANCE" ? ms !== undefined && more === undefined : ms === undefined;
    if (!has) throw new Refusal("ERR wrong number of arguments for 'wakey|clock' command");
    if (move === "GET") return Math.floor(clock.now());
    const able = { SET: hand.set, ADVANCE: hand.advance, PAUSE: hand.pause, RUN: hand.run } as { [move: string]: unknown };
    if (!(move in able)) throw new Refusal(SYNTAX);
    if (typeof able[move] !== "function") throw new Refusal("ERR the clock of this database cannot be moved so");
    if (move === "SET") return Math.floor(hand.set(number(ms)));
    if (move === "ADVANCE") return Math.floor(hand.advance(number(ms)));
    return Math.floor((move === "PAUSE" ? hand.pause?.() : hand.run?.()) as number);
  };

  const run = (words: readonly string[]): Verdict => {
    const [sub = "", ...rest] = words;
    switch (sub.toUpperCase()) {
      case "CLOCK":
        return moved(rest);
      case "HELP":
        return HELP;
      case "SEED":
        if (rest.length !== 1) throw new Refusal("ERR wrong number of arguments for 'wakey|seed' command");
        engine.reseed(BigInt.asUintN(64, BigInt(count(rest[0]))));
        return "OK";
      case "RESET":
        clear();
        (clock as Partial<TestClock>).restore?.();
        for (const command of ["FLUSHALL", "SCRIPT FLUSH", "FUNCTION FLUSH", "CONFIG RESETSTAT"]) {
          const [name = "", ...rest] = command.split(" ");
          session.call(name, ...rest);
        }
        return "OK";
      case "INTERCEPT": {
        const [command = "", ...what] = rest;
        if (command.toUpperCase() === "CLEAR" && what.length === 0) clear();
        else {
          const { fault, times, after } = faultOf(what);
          faults.add(command === "*" ? db.intercept(() => fault, { times, after }) : db.intercept(command, fault, { times, after }));
        }
        return "OK";
      }
      default:
        throw new Refusal(`ERR unknown subcommand '${sub}'. Try WAKEY HELP.`);
    }
  };

  const stop = db.intercept("wakey", async (args, { admitted }) => {
    if (!admitted) return new Error("NOAUTH Authentication required.");
    if (args.length < 2) return new Error("ERR wrong number of arguments for 'wakey' command");
    await null;
    try {
      return run(args.slice(1));
    } catch (error) {
      return error as Error;
    }
  });
  return () => {
    clear();
    stop();
    session.close();
  };
}
