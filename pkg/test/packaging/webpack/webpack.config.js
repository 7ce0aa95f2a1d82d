import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const common = { mode: "production", context: folder, performance: { hints: false } };

/** A page, and a bundle for Node. */
export default [
  { ...common, entry: "./main.js", output: { path: `${folder}out`, filename: "main.js" } },
  {
    ...common,
    target: "node20",
    entry: "./server.cjs",
    output: { path: `${folder}out`, filename: "server.cjs" },
  },
];
