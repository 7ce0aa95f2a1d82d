/**
 * The types that those of the commands are made of (`commands.gen.ts`): arguments, options in any order, and what a method gives for
 * a reply.
 *
 * A method with options has a type parameter `O` for what it was given, words and values as they stand. `Given` says what may be among
 * it, so that an editor offers the words; `Fits` holds it against the command's syntax; `Has` finds out which reply it asks for.
 */
import type { Arg } from "../resp/command.js";

/** Keeps `string` beside words, and lower case beside upper: an editor offers the upper-case words, once. */
type Beside = Record<never, never>;

/** A word of a command's syntax, in upper or lower case. */
export type Token<W extends string> = W | (Lowercase<W> & Beside);

/** One argument, or several in an array. */
export type Many = Arg | readonly Arg[];

/** Pairs as an object: a plain one, a Map, or an array of pairs. */
export type PairsObject = { readonly [field: string]: Arg } | ReadonlyMap<Arg, Arg> | readonly (readonly [Arg, Arg])[];

/** A score: a number, or its text. */
export type Score = number | bigint | `${number}` | "inf" | "+inf" | "-inf" | Exclude<Arg, string | number | bigint>;

/** Members with their scores in an object: by score or by member, or an array of these. */
export type ScoredPairs =
  | { readonly [score: number]: Arg; readonly length?: never }
  | { readonly [member: string]: number | bigint }
  | ReadonlyMap<Arg, Arg>
  | readonly (readonly [score: Arg, member: Arg] | ScoredMember)[];

/** A member of a sorted set, and its score. */
export interface ScoredMember {
  readonly score: number | bigint | string;
  readonly member: Arg;
}

/** Pairs one behind the other, up to eight of them exactly; of more only that they are arguments. */
type Row<A, B, T extends List = [A, B]> = T["length"] extends 16 ? [...T, ...Arg[]] : T | Row<A, B, [...T, A, B]>;

/** What stands at the end of a command that takes pairs. */
export type PairsTail = [pairs: PairsObject] | Row<Arg, Arg>;
export type ScoredTail = [members: ScoredPairs] | Row<Score, Arg>;

/** A map reply: a plain object, or pairs where bytes are asked for. */
export type MapReply<B, V> = [B] extends [string] ? { [field: string]: V } : [B, V][];

/** A map reply of known fields: a plain object, or pairs where bytes are asked for. */
export type Fields<B, F> = [B] extends [string] ? F : [B, F[keyof F]][];

/** The shape of stream entries: `[id, [field, value, ...]]`, or `{ id, message: { field: value } }`. */
export type Entries = "array" | "object";

/** A stream entry as node-redis has it. If a field occurs twice, the last one wins. */
export interface StreamEntry {
  id: string;
  message: { [field: string]: string };
}

/** A stream entry. */
export type Entry<B, E extends Entries> = { array: [B, B[]]; object: StreamEntry }[E];

/** A stream entry that was deleted while a consumer had it. */
export type GoneEntry<B, E extends Entries> = { array: [B, null]; object: { id: string; message: null } }[E];

/** A stream entry claimed by XREADGROUP's CLAIM, followed by the milliseconds since its delivery and the number of deliveries. */
export type ClaimedEntry<B, E extends Entries> = {
  array: [B, B[], number, number];
  object: StreamEntry & { millisElapsedFromDelivery: number; deliveriesCounter: number };
}[E];

type List = readonly unknown[];

/** Options that may be left out, in any order. */
export type Any1<A extends List> = [] | A;
export type Any2<A extends List, B extends List> = [...Any1<A>, ...Any1<B>] | [...B, ...A];

/** Of a command that has none. */
export type NoOptions = Record<never, never>;

/** The words of a command's options. */
type Words<G> = { [N in keyof G]: keyof G[N] }[keyof G] & string;

/** What follows a word. */
type After<G, W extends string> = { [N in keyof G]: W extends keyof G[N] ? G[N][W] : never }[keyof G];

/** The groups of which one of these words is. */
type GroupOf<G, W> = { [N in keyof G]: Extract<keyof G[N], W> extends never ? never : N }[keyof G];

/** What is left of options once a word was given: none that exclude it, unless it may come again. */
type Left<G, W> = Omit<G, Exclude<GroupOf<G, W>, `*${string}`>>;

/** What an option has in an object: true where it stands alone; its value, or its values in an array. */
type InObject<V, N> = V extends [] ? boolean : V extends [unknown] ? V[0] | (N extends `*${string}` ? readonly Arg[] : never) : Readonly<V>;

/** Options in an object, in upper or lower case: `{ EX: 60, NX: true }`. Options that are undefined or false are not sent. */
export type Options<G> = InUpper<G> & { readonly [W in Words<G> as Lowercase<W>]?: InUpper<G>[W] | undefined };
type InUpper<G> = { readonly [W in Words<G>]?: InObject<After<G, W>, GroupOf<G, W>> | undefined };

/** These, where there are any. */
type InObjects<G> = keyof G extends never ? never : Options<G>;

/** What may be among the arguments that follow: values, words, options `G` in an object, and `T`. */
export type Given<G, T = never> = (Arg | readonly Arg[] | InObjects<G> | T)[];

/** Where a variable of type string stands, the score it holds is not known. */
type Unknown<O extends List> = { [I in keyof O]: string extends O[I] ? never : O[I] };

/** What was given, for an editor to offer the words at each place. */
export type Offered<O extends List, G, W extends string = never, X = never> = {
  [I in keyof O]: (O[I] & (Words<G> | W)) | (O[I] extends Arg | List ? O[I] & Beside : InObjects<G> | X);
};

/**
 * What was given, if it is options `G` in any order, each once, and then `T`; else the compiler shows the syntax `S`. Arrays of which the
 * length is not known pass.
 */
export type Fits<O extends List, G, S extends string, T extends List = [], W extends string = never, X = never> = Offered<O, G, W, X> &
  (number extends O["length"] ? unknown : true extends Parsed<O, G, T> ? unknown : Expected<S>);

/** What does not fit: the syntax of the command. */
export interface Expected<S extends string> {
  readonly expected: S;
}

/** True, if it is options `G` and then `T`. */
type Parsed<O extends List, G, T extends List> = O extends readonly [infer A, ...infer R]
  ? (A extends Arg ? Option<Uppercase<A & string>, R, G, T> : InObjectOnly<A, R, G, T>) | Ended<O, G, T>
  : Ended<O, G, T>;

/** A word, its values, and what follows. */
type Option<W extends string, R extends List, G, T extends List> = W extends Words<G> ? Valued<After<G, W>, R, Left<G, W>, T> : false;
type Valued<V, R extends List, G, T extends List> = V extends List
  ? R extends readonly [...V, ...infer Q]
    ? Parsed<Q, G, T>
    : false
  : false;

/** An object in which there are options alone. */
type InObjectOnly<A, R extends List, G, T extends List> = [Exclude<Uppercase<keyof A & string>, Words<G>>] extends [never]
  ? A extends Options<G>
    ? Parsed<R, Left<G, Uppercase<keyof A & string>>, T>
    : false
  : false;

/** The end: all that must be there is, and the rest is `T`. */
type Ended<O extends List, G, T extends List> =
  Extract<keyof G, `!${string}`> extends never ? (Unknown<O> extends T ? true : false) : false;

/** Whether a word was given: true, false, or boolean where that is not known before the program runs. */
export type Has<O, W extends string> = O extends List ? Some<{ [I in keyof O]: Names<O[I], W> }[number]> : never;
type Some<X> = "yes" extends X ? true : "maybe" extends X ? boolean : false;
type Names<A, W extends string> = [A] extends [W | Lowercase<W>]
  ? [A] extends [never]
    ? "no"
    : "yes"
  : A extends W | Lowercase<W>
    ? "maybe"
    : A extends Arg | List | ReadonlyMap<unknown, unknown>
      ? "no"
      : { [K in keyof A]: Uppercase<K & string> extends W ? On<A[K]> : "no" }[keyof A];
type On<V> = [V] extends [false | undefined] ? "no" : [Extract<V, false | undefined>] extends [never] ? "yes" : "maybe";

/** One of two, or both where it is not known which. */
export type If<C, Y, N> = C extends true ? Y : N;

/** An array of members, each with what was asked for by word: `P` are pairs of a word and what it adds. */
export type Each<O, V, P extends [string, unknown][]> = (Added<O, P> extends [] ? V : [V, ...Added<O, P>])[];
type Added<O, P> = P extends [[infer W extends string, infer V], ...infer R] ? [...If<Has<O, W>, [V], []>, ...Added<O, R>] : [];

/**
 * What methods give that are no plain client's. `this["reply"]` stands for the reply: whoever extends this says by it what `gives` is,
 * and needs not be known here.
 */
export interface Mode {
  readonly reply: unknown;
  readonly gives: unknown;
}

/** Says of `Commands` that all methods answer promises: those of a database that tabs share. */
export interface Promised extends Mode {
  readonly gives: Promise<Awaited<this["reply"]>>;
}

type In<M extends Mode, V> = (M & { readonly reply: V })["gives"];

/** What a method gives: its answer, or a promise of it; in a transaction the transaction, whose EXEC has the answer. */
export type Answer<V, M> = M extends Mode ? In<M, V> : V;

/** What the method of a command gives that may have to wait. */
export type Later<V, M> = M extends Mode ? In<M, V> : Promise<V>;
