export default { entry: ["main.mjs"], format: "esm", target: "node20", outDir: "out/tsup", noExternal: ["wakey"], silent: true };
