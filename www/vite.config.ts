/**
 * How the site is built: relative addresses, so that it works under any path; lessons from Markdown; a content-security policy;
 * and a service worker that knows all files of this build.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { lesson } from "./lesson.js";

const here = import.meta.dirname;

/** Styles come from files or from constructed sheets, scripts from files; nothing is sent anywhere but to where it came from. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** `virtual:lessons`: www/lessons/*.md in the order of their names. */
function lessons(): Plugin {
  const folder = join(here, "lessons");
  return {
    name: "lessons",
    resolveId: (id) => (id === "virtual:lessons" ? "\0lessons" : undefined),
    load(id) {
      if (id !== "\0lessons") return undefined;
      const files = readdirSync(folder)
        .filter((file) => file.endsWith(".md"))
        .sort();
      for (const file of files) this.addWatchFile(join(folder, file));
      const all = files.map((file) => lesson(file.replace(/^\d+-|\.md$/g, ""), readFileSync(join(folder, file), "utf8")));
      return `export default ${JSON.stringify(all)};`;
    },
  };
}

function policy(): Plugin {
  return {
    name: "policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) => [
        { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: POLICY }, injectTo: "head-prepend" },
        // The module comes beside the script that asks for it, not after.
        ...Object.keys(bundle)
          .filter((name) => name.endsWith(".wasm"))
          .map((name) => ({
            tag: "link",
            attrs: { rel: "preload", as: "fetch", crossorigin: "anonymous", href: `./${name}` },
            injectTo: "head" as const,
          })),
      ],
    },
    generateBundle() {
      const source = `/*\n  Content-Security-Policy: ${POLICY}; frame-ancestors 'self'\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n  Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Embedder-Policy: require-corp\n`;
      this.emitFile({ type: "asset", fileName: "_headers", source });
    },
  };
}

/** sw.js: www/worker.js with the names of all files, and a version that changes with any of them. */
function worker(): Plugin {
  return {
    name: "worker",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_, bundle) {
        // The module as base64 is for consoles that have no database; here all have one.
        const made = Object.keys(bundle).filter((name) => !/\/inline-/.test(name));
        const files = ["./", ...made, ...readdirSync(join(here, "public"))].filter(
          (file) => file !== "index.html" && !file.startsWith("_"),
        );
        const hash = createHash("sha256");
        for (const part of Object.values(bundle)) hash.update(part.type === "chunk" ? part.code : part.source);
        hash.update(readFileSync(join(here, "index.html")));
        const head = `const FILES = ${JSON.stringify([...new Set(files)])};\nconst VERSION = "${hash.digest("hex").slice(0, 12)}";\n`;
        this.emitFile({ type: "asset", fileName: "sw.js", source: head + readFileSync(join(here, "worker.js"), "utf8") });
      },
    },
  };
}

export default defineConfig({
  root: here,
  base: "./",
  plugins: [lessons(), policy(), worker()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    target: "es2022",
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
  },
});
