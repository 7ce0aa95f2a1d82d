import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["*.spec.mjs"], snapshotFormat: { escapeString: false } } });
