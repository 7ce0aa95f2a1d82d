/** A line as people type it, split into words: commands, and the lines of redis.conf. */

const UNESCAPED: { [char: string]: string } = { n: "\n", r: "\r", t: "\t", b: "\b", a: "\x07" };

/**
 * Splits a command line: words, "double quotes" with \xHH and \n \r \t \b \a, 'single quotes' with \' only. Undefined
 * when a quote is not closed, or something stands right behind one. The line is latin1.
 */
export function words(line: string): string[] | undefined {
  const out: string[] = [];
  let i = 0;
  /** What stands at `i` as it is: all at once, since a word may be ten million characters. */
  const plain = (run: RegExp): string => {
    run.lastIndex = i;
    const found = run.exec(line)?.[0] ?? "";
    i += found.length;
    return found;
  };
  for (;;) {
    while (i < line.length && /[\s\0]/.test(line[i] as string)) i++;
    if (i >= line.length) return out;
    let word = "";
    while (i < line.length && !/[\s\0]/.test(line[i] as string)) {
      const char = line[i] as string;
      if (char !== '"' && char !== "'") {
        word += plain(/[^\s\0"']+/y);
        continue;
      }
      i++;
      for (;;) {
        word += plain(char === "'" ? /[^'\\]+/y : /[^"\\]+/y);
        if (i >= line.length) return undefined;
        const inside = line[i] as string;
        if (inside === char) break;
        const following = line[i + 1];
        if (char === "'") {
          if (inside === "\\" && following === "'") i++;
          word += line[i];
          i++;
        } else if (inside === "\\" && /^\\x[0-9a-fA-F]{2}$/.test(line.slice(i, i + 4))) {
          word += String.fromCharCode(Number.parseInt(line.slice(i + 2, i + 4), 16));
          i += 4;
        } else if (inside === "\\" && following !== undefined) {
          word += UNESCAPED[following] ?? following;
          i += 2;
        } else {
          word += inside;
          i++;
        }
      }
      i++;
      if (i < line.length && !/[\s\0]/.test(line[i] as string)) return undefined;
    }
    out.push(word);
  }
}
