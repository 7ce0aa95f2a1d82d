/**
 * The methods of commands as TypeScript: their parameters and their replies, from the syntax trees of the command table. A command with
 * options has one signature, whose type parameter is what was given: `Fits` (`command-types.ts`) holds it against the options of the
 * command, and the reply follows from it (`replies.mjs`).
 */
import { fail } from "./common.mjs";
import { read, typeOf } from "./notation.mjs";
import { conditions, REPLIES } from "./replies.mjs";

export const has = (arg, flag) => arg[flag] === true || (arg.flags ?? []).includes(flag);
const camel = (name) => {
  const word = name
    .toLowerCase()
    .replace(/[^a-z0-9]+(.)/g, (_, c) => c.toUpperCase())
    .replace(/[^a-zA-Z0-9]/g, "");
  return ["in", "with", "function", "default", "new", "delete", "return", "type"].includes(word) || /^[0-9]/.test(word) || word === ""
    ? `${word}_`
    : word;
};
const quote = (word) => JSON.stringify(word.toUpperCase());
export const token = (word) => `Token<${quote(word)}>`;
const isPure = (arg) => arg.type === "pure-token";

/** The elements of a tuple: what stands for one argument when it is given. */
function given(arg) {
  const words = arg.token !== undefined && arg.token !== null && !isPure(arg) ? [token(arg.token === "" ? '""' : arg.token)] : [];
  if (isPure(arg)) return [token(arg.token ?? arg.name)];
  if (arg.type === "oneof") {
    if (arg.args.every(isPure)) return [...words, `${camel(arg.name)}: Token<${arg.args.map(({ token }) => quote(token)).join(" | ")}>`];
    // <id | $>: whatever it is, it is one argument.
    if (!arg.token && arg.args.every((one) => isPure(one) || !(one.token || one.args?.length))) return [`${camel(arg.name)}: Arg`];
    const one = `...(${arg.args.map((choice) => `[${given(choice).join(", ")}]`).join(" | ")})`;
    return has(arg, "multiple") ? [...words, one, "...Arg[]"] : [...words, one];
  }
  if (arg.type === "block") {
    const inner = sequence(arg.args);
    if (!has(arg, "multiple")) return [...words, ...inner];
    if (isPair(arg)) return [...words, `...${isScored(arg) ? "ScoredTail" : "PairsTail"}`];
    return [...words, ...inner, "...rest: Arg[]"];
  }
  const name = camel(arg.name);
  if (has(arg, "multiple")) return [...words, `${name}: Many`, "...more: Many[]"];
  // With VALUES a vector is its length and its numbers.
  return [...words, `${name}: ${arg.name.startsWith("vector") ? "Many" : "Arg"}`];
}

export function isPair(arg) {
  return (
    arg.type === "block" &&
    has(arg, "multiple") &&
    arg.args.length === 2 &&
    arg.args.every((one) => !has(one, "optional") && !one.args?.length && !one.token)
  );
}

/** Whether the first of a pair is a score. */
export const isScored = (arg) => isPair(arg) && arg.args[0].type === "double";

/** Tuple elements of a list of arguments; neighbouring optional ones may come in any order. */
function sequence(args) {
  const out = [];
  for (let i = 0; i < args.length; ) {
    if (!has(args[i], "optional")) {
      out.push(...given(args[i++]));
      continue;
    }
    const group = [];
    while (i < args.length && has(args[i], "optional")) group.push(`[${given(args[i++]).join(", ")}]`);
    if (group.length > 2) out.push("...Arg[]");
    else out.push(`...Any${group.length}<${group.join(", ")}>`);
  }
  return behindVector(oneRest(out));
}

/** Where arguments follow a vector, its numbers may be an array of their own: VALUES, 3, [1, 0, 0], element. */
function behindVector(elements) {
  const at = elements.findIndex((element) => element.startsWith("vector"));
  if (at < 0) return elements;
  return elements.map((element, i) => (i > at ? element.replace(/Arg(?=$|\[\]$)/, "Many") : element));
}

/** A tuple has at most one open part: of several (STREAMS key [key ...] id [id ...]) the last stands for all. */
function oneRest(elements) {
  const isRest = (element) => /^\.\.\.((more|rest): |Arg\[\]$)/.test(element);
  if (elements.filter(isRest).length < 2) return elements;
  return [...elements.filter((element) => !isRest(element)), "...more: Many[]"];
}

/** Elements without their labels, where some have none. */
const bare = (elements) => elements.map((one) => one.replace(/^(\.\.\.)?[a-zA-Z0-9_]+: /, "$1"));
const isNamed = (element) => /^(\.\.\.)?[a-zA-Z0-9_]+: /.test(element);
const tuple = (elements) =>
  elements.length === 1 && elements[0].startsWith("...")
    ? elements[0].slice(3)
    : `[${(elements.every(isNamed) ? elements : bare(elements)).join(", ")}]`;

/** `[key: Arg, value: Arg, ...X]` as parameters: named ones first, one rest parameter for what follows. */
function parameters(elements) {
  const names = new Map();
  const unique = (name) => {
    const n = (names.get(name) ?? 0) + 1;
    names.set(name, n);
    return n === 1 ? name : `${name}${n}`;
  };
  const out = [];
  let i = 0;
  for (; i < elements.length; i++) {
    const named = /^([a-zA-Z0-9_]+): (.*)$/.exec(elements[i]);
    if (!named) break;
    out.push(`${unique(named[1])}: ${named[2]}`);
  }
  const rest = elements.slice(i);
  while (rest.length > 0 && rest[0].startsWith("Token<")) {
    out.push(`${unique("token")}: ${rest.shift()}`);
    while (rest.length > 0 && /^[a-zA-Z0-9_]+: /.test(rest[0])) {
      const [, name, type] = /^([a-zA-Z0-9_]+): (.*)$/.exec(rest.shift());
      out.push(`${unique(name)}: ${type}`);
    }
  }
  if (rest.length === 0) return out;
  if (rest.length === 1 && rest[0].startsWith("...")) {
    const [, name = "options", type] = /^\.\.\.(?:([a-zA-Z0-9_]+): )?(.*)$/.exec(rest[0]);
    out.push(`...${unique(name)}: ${type}`);
  } else out.push(`...${unique("options")}: ${tuple(rest)}`);
  return out;
}

/**
 * The options of an argument that begins with a word: `{ word, values, again, required }` each, where `values` are tuples of what may
 * follow the word. Options within one exclude each other. Undefined for what is no option: without a word, or without an end.
 */
function optionsOf(arg) {
  const values = (args) => {
    let all = [[]];
    for (const one of args) {
      const elements = given(one);
      if (elements.some((element) => /^\.\.\.(more|rest|PairsTail|ScoredTail)/.test(element))) return undefined;
      const choices = elements.flatMap((element) => (element.startsWith("...(") ? undefined : [element]));
      if (choices.includes(undefined)) return undefined;
      all = has(one, "optional") ? [...all, ...all.map((tuple) => [...tuple, ...choices])] : all.map((tuple) => [...tuple, ...choices]);
    }
    return all;
  };
  if (has(arg, "multiple") && !has(arg, "multipleToken"))
    return arg.token && arg.type !== "block" && arg.type !== "oneof" ? [{ word: arg.token, values: [["...Arg[]"]] }] : undefined;
  const again = has(arg, "multipleToken");
  if (isPure(arg)) return [{ word: arg.token, values: [[]], again }];
  if (arg.token) {
    const list =
      arg.type === "block" ? values(arg.args) : values([{ ...arg, token: undefined, optional: false, multiple: false, flags: [] }]);
    return list && [{ word: arg.token, values: list, again }];
  }
  if (arg.type === "oneof") {
    const all = arg.args.map(optionsOf);
    return all.includes(undefined) ? undefined : all.flat();
  }
  if (arg.type !== "block" || arg.args.length === 0) return undefined;
  const [head, ...tail] = arg.args;
  const first = has(head, "optional") ? undefined : optionsOf(head);
  if (first === undefined) return undefined;
  // What is optional at the end is an option beside this one.
  const beside = [];
  while (tail.length > 0 && has(tail.at(-1), "optional") && optionsOf(tail.at(-1))) beside.unshift(tail.pop());
  const list = values(tail);
  if (list === undefined) return undefined;
  return [
    ...first.map((one) => ({ ...one, values: one.values.flatMap((before) => list.map((after) => [...before, ...after])) })),
    ...beside.flatMap((one) => optionsOf(one).map((option) => ({ ...option, beside: one.name }))),
  ];
}

/** An argument that must be there and whose words have values: with options beside it, it is one, too (FROMLONLAT, BYRADIUS, GROUP). */
const isWorded = (arg) =>
  !has(arg, "optional") &&
  !has(arg, "multiple") &&
  (optionsOf(arg)?.every((one) => one.beside || one.values.every((list) => list.length > 0)) ?? false);

/** A command's arguments: what comes before its options, these, and what comes behind them. Undefined where there are none. */
export function split(args) {
  const isOption = (arg) => has(arg, "optional") && optionsOf(arg) !== undefined;
  let from = args.findIndex(isOption);
  if (from < 0) {
    // One that must be there alone (XTRIM).
    const last = args.at(-1);
    if (args.length === 0 || !isWorded(last) || last.type !== "block") return undefined;
    from = args.length - 1;
  }
  const end = (at) => {
    while (at < args.length && (isOption(args[at]) || isWorded(args[at]))) at++;
    return at;
  };
  let to = end(from);
  // More of them stand at the end (VADD, which begins with REDUCE).
  const last = args.findIndex((arg, at) => at > to && isOption(arg));
  if (last > 0 && end(last) - last > to - from) [from, to] = [last, end(last)];
  while (from > 0 && isWorded(args[from - 1])) from--;
  return { before: args.slice(0, from), options: args.slice(from, to), after: args.slice(to) };
}

/** The interface of a command's options: groups of those that exclude each other. */
function syntax(options) {
  const groups = new Map();
  for (const arg of options)
    for (const one of optionsOf(arg)) {
      const mark = one.beside ? "" : has(arg, "optional") ? "" : "!";
      const name = JSON.stringify(`${mark}${one.again ? "*" : ""}${one.beside ?? arg.name}`);
      const tuples = one.values.map(tuple).join(" | ");
      groups.set(name, [...(groups.get(name) ?? []), `${quote(one.word)}: ${tuples}`]);
    }
  return [...groups].map(([name, members]) => `${name}: { ${members.join("; ")} }`).join("; ");
}

/** The options of a command for the table of `flatten`: how many arguments come before, and the words in order. */
export function words(args) {
  const parts = split(args);
  if (parts === undefined) return undefined;
  const kind = ({ values, again }) => (again ? "*" : values.every((list) => list.length > 0) ? "=" : "");
  const before = parts.before.filter((arg) => !has(arg, "optional")).length;
  return [before, ...parts.options.flatMap((arg) => optionsOf(arg).map((one) => `${one.word}${kind(one)}`))].join(" ");
}

/** The same of a command without options: all that is one argument each, and the rest. */
function leading(args) {
  const at = args.findIndex((arg) => has(arg, "optional") || has(arg, "multiple"));
  return { before: args.slice(0, at), options: [], after: args.slice(at) };
}

/** Words anywhere in a list of arguments. */
function tokens(args) {
  return args.flatMap((arg) => [...(arg.token ? [arg.token] : []), ...tokens(arg.args ?? [])]);
}

/** The TypeScript type of a reply in the table's notation. */
export function reply(notation) {
  try {
    return typeOf(read(notation));
  } catch (error) {
    return fail(error.message);
  }
}

/** The reply of a row whose options decide it, where `O` is what was given. */
function conditional(alternatives) {
  const [first, ...more] = alternatives;
  if (typeof first === "string") return reply(first);
  if (!Array.isArray(first)) {
    const parts = Object.entries(first.with).map(([word, notation]) => `[${quote(word)}, ${reply(notation)}]`);
    return `Each<O, ${reply(first.of)}, [${parts.join(", ")}]>`;
  }
  const held = conditions(first[0])
    .map(({ words }) => `Has<O, ${words.map(quote).join(" | ")}>`)
    .reduceRight((all, one) => `If<${one}, ${all}, false>`);
  return `If<${held}, ${reply(first[1])}, ${conditional(more)}>`;
}

/** The forms of a command by how many of its arguments are given, where that decides its reply. */
function forms(args, alternatives) {
  const names = alternatives.flatMap((one) => (Array.isArray(one) ? conditions(one[0]) : [])).flatMap((one) => one.name ?? []);
  if (names.length === 0) return undefined;
  const optional = args.at(-1);
  const required = args.slice(0, -1);
  const inner = optional.type === "block" ? optional.args : [{ ...optional, optional: false }];
  const some = { ...optional, optional: false };
  // [count [WITHVALUES]]: without, with the count, with both.
  const last = inner.at(-1);
  const deep = optional.type === "block" && isPure(last) && has(last, "optional");
  const variants = [[[], alternatives.at(-1)]];
  const named = alternatives.find((one) => Array.isArray(one) && conditions(one[0])[0].name)[1];
  variants.push([deep ? inner.slice(0, -1) : [some], named]);
  if (deep) variants.push([[...inner.slice(0, -1), { ...last, optional: false }], alternatives[0][1]]);
  return variants.map(([more, notation]) => ({ list: parameters(sequence([...required, ...more])), type: reply(notation) }));
}

const list = (name, ...parts) => `${name}<${parts.filter((part) => part).join(", ")}>`;

/**
 * The signatures of a row's method, behind its name: `(...): Answer<...>`. `before` are parameters in front of the row's own, `gives` makes
 * the method's type of the reply's, `behind` stands behind the arguments.
 */
export class Signatures {
  /** The interfaces of options, by their text. */
  interfaces = new Map();

  named(row, text) {
    const known = this.interfaces.get(text);
    if (known !== undefined) return known;
    const all = [...text.matchAll(/"([^"]+)":(?! \{)/g)].map(([, word]) => word);
    const name = `${(all.length <= 2 ? all.join(" ") : row.name)
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .map((word) => word[0].toUpperCase() + word.slice(1))
      .join("")}Options`;
    const used = [...this.interfaces.values()].filter((one) => one === name || one.startsWith(`${name}_`)).length;
    const own = used === 0 ? name : `${name}_${used + 1}`;
    this.interfaces.set(text, own);
    return own;
  }

  of(row, args, { before = [], gives, behind = "" }) {
    const alternatives = REPLIES[row.name.replace("|", " ")];
    const plain = reply(row.reply || "any");
    const byCount = alternatives && forms(args, alternatives);
    if (byCount) return byCount.map(({ list, type }) => `(${[...before, ...list].join(", ")}): ${gives(type)}`);
    const parts = split(args);
    const type = alternatives ? conditional(alternatives) : plain;
    const takesPairs = args.length > 0 && isPair(args.at(-1));
    if (parts === undefined && !takesPairs && !alternatives?.some((one) => typeof one !== "string")) {
      const list = parameters([...sequence(args), ...(behind ? [behind] : [])]);
      return [`(${[...before, ...list].join(", ")}): ${gives(type)}`];
    }
    const { before: lead, options, after } = parts ?? leading(args);
    const named = options.length > 0 ? this.named(row, syntax(options)) : "NoOptions";
    const others = [...new Set(tokens(after).map(quote))].join(" | ");
    const rest = `...${takesPairs && !parts ? "pairs" : "options"}`;
    const hasOpen = options.some((arg) => optionsOf(arg).some((one) => one.values.some((list) => list.includes("...Arg[]"))));
    const isOpen = lead.some((arg) => has(arg, "multiple") || has(arg, "optional")) || hasOpen || (!parts && !takesPairs);
    if (isOpen) {
      // Without an end before the options: only what must be there is checked.
      const at = lead.findIndex((arg) => has(arg, "multiple") || has(arg, "optional") || given(arg)[0].startsWith("..."));
      const fixed = at < 0 ? lead : lead.slice(0, at);
      const open = at < 0 ? [] : lead.slice(at);
      const words = [...new Set([...tokens(open), ...tokens(after)].map(quote))].join(" | ");
      // What may come before a word that must be there (VADD) begins with one, too.
      const must = open.filter((arg) => !has(arg, "optional"));
      const start = must.length < open.length ? [`Token<${words}>`, ...must.slice(1).map(() => "Many")].join(", ") : "first: Many";
      const first = open.length > 0 ? `[${start}, ...${start.startsWith("first") ? "more: " : ""}` : "";
      const extra = behind ? "WaitOptions" : "";
      const item = list("Given", named, extra);
      const params = [
        ...before,
        ...parameters(sequence(fixed)),
        `${rest}: ${list("Offered", "O", named, (words || extra) && (words || "never"), extra)}`,
      ];
      return [`<const O extends ${first}${item}${first ? "]" : ""}>(${params.join(", ")}): ${gives(type)}`];
    }
    const tail = [...sequence(after), ...(behind ? [behind] : [])];
    const extra = behind ? "WaitOptions" : takesPairs ? (isScored(args.at(-1)) ? "ScoredPairs" : "PairsObject") : "";
    const more = others || extra ? [others || "never", extra] : [];
    const checks = ["O", named, JSON.stringify(row.syntax), (tail.length > 0 || more.length > 0) && tuple(tail), ...more];
    const params = [...before, ...parameters(sequence(lead)), `${rest}: ${list("Fits", ...checks)}`];
    return [`<const O extends ${list("Given", named, extra)}>(${params.join(", ")}): ${gives(type)}`];
  }
}
