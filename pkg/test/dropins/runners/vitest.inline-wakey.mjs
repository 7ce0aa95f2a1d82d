export default { test: { include: ["**/*.vitest.mjs"], pool: "threads", server: { deps: { inline: [/wakey/] } } } };
