/**
 * The entry `wakey/remark`: a plugin (Docusaurus, Astro, MDX) that turns fenced `redis` blocks into consoles. The page loads
 * `wakey/console`; without scripts, the lines are shown as they are.
 */
import { attributesOf, type FenceOptions } from "./console/fence.js";

export type { FenceOptions } from "./console/fence.js";

/** As much of a tree of Markdown as is needed. */
interface Node {
  type: string;
  children?: Node[];
  lang?: string | null;
  meta?: string | null;
  value?: string;
  position?: unknown;
  data?: unknown;
}

/** A node of no kind that others know, which says itself what element it is. */
function consoleOf({ value = "", meta, position }: Node, options: FenceOptions): Node {
  const hProperties = Object.fromEntries(attributesOf(meta ?? "", options));
  const hChildren = [{ type: "text", value: `\n${value}\n` }];
  return { type: "wakeyConsole", position, data: { hName: "wakey-console", hProperties, hChildren } };
}

function change(node: Node, options: FenceOptions): void {
  node.children?.forEach((child, i, all) => {
    if (child.type === "code" && child.lang === (options.language ?? "redis")) all[i] = consoleOf(child, options);
    else change(child, options);
  });
}

/** `unified().use(wakey)`, or `remarkPlugins: [wakey]`. */
export default function wakey(options: FenceOptions = {}): (tree: unknown) => void {
  return (tree) => change(tree as Node, options);
}
