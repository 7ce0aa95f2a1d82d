/**
 * The types that those of the commands are made of (`commands.gen.ts`): arguments, options in any order, and what a method gives for
 * a reply.
 */
import type { Arg } from "../resp/command.js";

/** A word of a command's syntax, in upper or lower case. */
export type Token<W extends string> = W | Lowercase<W>;

/** One argument, or several in an array. */
export type Many = Arg | readonly Arg[];

/** Pairs: an object, a Map, or an array of pairs. */
export type Pairs = [pairs: { readonly [field: string]: Arg } | ReadonlyMap<Arg, Arg> | readonly (readonly [Arg, Arg])[]];

/** Pairs of which the first is a score: an object has it as its key. */
export type Scored = [pairs: { readonly [score: number]: Arg } | ReadonlyMap<Arg, Arg> | readonly (readonly [Arg, Arg])[]];

/** A map reply: a plain object, or pairs where bytes are asked for. */
export type MapReply<B, V> = [B] extends [string] ? { [field: string]: V } : [B, V][];

type List = readonly unknown[];

/** Options that may be left out, in any order. */
export type Any1<A extends List> = [] | A;
export type Any2<A extends List, B extends List> = [...Any1<A>, ...Any1<B>] | [...B, ...A];
export type Any3<A extends List, B extends List, C extends List> =
  | [...Any1<A>, ...Any2<B, C>]
  | [...B, ...A, ...Any1<C>]
  | [...B, ...C, ...A]
  | [...C, ...A, ...Any1<B>]
  | [...C, ...B, ...A];
export type Any4<A extends List, B extends List, C extends List, D extends List> =
  | [...Any1<A>, ...Any3<B, C, D>]
  | [...B, ...A, ...Any2<C, D>]
  | [...C, ...A, ...Any2<B, D>]
  | [...D, ...A, ...Any2<B, C>]
  | [...Any2<B, C>, ...A, ...D]
  | [...B, ...C, ...Any1<D>, ...A]
  | [...B, ...D, ...Any1<C>, ...A]
  | [...C, ...B, ...Any1<D>, ...A]
  | [...C, ...D, ...Any1<B>, ...A]
  | [...D, ...B, ...Any1<C>, ...A]
  | [...D, ...C, ...Any1<B>, ...A];

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
