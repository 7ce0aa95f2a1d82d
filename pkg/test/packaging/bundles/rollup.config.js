import { nodeResolve } from "@rollup/plugin-node-resolve";

// Into one file, and without the plugin that understands CommonJS.
export default {
  input: "main.mjs",
  output: { file: "out/rollup.mjs", format: "es" },
  external: /^node:/,
  plugins: [nodeResolve({ exportConditions: ["node"] })],
};
