/**
 * How the site is built: relative addresses, so that it works under any path; lessons from Markdown; a content-security policy;
 * and a service worker that knows all files of this build.
 *
 * With `--mode live` the page of a server alone is built, as `ui` of the package (`wakey ui`): without an engine, lessons and worker.
 */

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { licensed } from "../scripts/common.mjs";
import { group, lesson } from "./lesson.js";

const here = import.meta.dirname;
const UI = join(here, "../pkg/dist/ui");
/** Where the project is at home, and its version. */
const manifest = JSON.parse(readFileSync(join(here, "../pkg/package.json"), "utf8")) as { homepage: string; version: string };

/** Styles come from files or from constructed sheets, scripts from files; nothing is sent anywhere but to where it came from. */
const policyOf = (live: boolean): string[] => [
  "default-src 'none'",
  `script-src 'self'${live ? "" : " 'wasm-unsafe-eval'"}`,
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  ...(live ? [] : ["manifest-src 'self'", "worker-src 'self'"]),
  "base-uri 'none'",
  "form-action 'none'",
];

/** `virtual:lessons`: www/lessons, its folders as groups and their files as lessons, in the order of their names. */
function lessons(): Plugin {
  const top = join(here, "lessons");
  const read = (folder: string, watch: (file: string) => void) =>
    readdirSync(join(top, folder))
      .filter((file) => file.endsWith(".md"))
      .sort()
      .map((file) => {
        const path = join(top, folder, file);
        watch(path);
        return lesson(file.replace(/^\d+-|\.md$/g, ""), readFileSync(path, "utf8"));
      });
  return {
    name: "lessons",
    resolveId: (id) => (id === "virtual:lessons" ? "\0lessons" : undefined),
    load(id) {
      if (id !== "\0lessons") return undefined;
      const folders = readdirSync(top).sort();
      const groups = folders.map((folder) =>
        group(
          folder,
          read(folder, (file) => this.addWatchFile(file)),
        ),
      );
      return `export const groups = ${JSON.stringify(groups)};\nexport default groups.flatMap((group) => group.lessons);`;
    },
  };
}

/**
 * `strings.ts` is one file for people. A bundler moves modules and not what is in them, so each of its exports is a module of its own here,
 * and comes with the scripts that say it.
 */
function strings(): Plugin {
  const file = join(here, "src/strings.ts");
  return {
    name: "strings",
    apply: "build",
    enforce: "pre",
    transform: {
      filter: { code: /strings\.js"/ },
      handler: (code) =>
        code.replace(/import \{ ([^}]+) \} from "(\.\.?\/strings)\.js";/g, (_, names: string, from: string) =>
          names.replace(/(\w+)(, )?/g, `import { $1 } from "${from}.ts?part=$1"; `),
        ),
    },
    load: {
      filter: { id: /strings\.ts\?part=\w+$/ },
      // Constants that are not used are dropped.
      handler: (id) => ({
        code: readFileSync(file, "utf8").replace(new RegExp(`^export (?!const ${id.split("=").at(-1)} )`, "gm"), ""),
        moduleType: "ts",
      }),
    },
  };
}

/**
 * Where the site will be, where that is known: `SITE_URL=https://example.org/wakey/`. Those who show links want the picture's whole address;
 * all else is relative, and works anywhere.
 */
function address(): Plugin {
  const given = process.env["SITE_URL"];
  const site = given ? new URL(given.endsWith("/") ? given : `${given}/`) : undefined;
  if (site !== undefined && !/^https?:$/.test(site.protocol)) throw new Error(`SITE_URL is no address of a site: ${given}`);
  return {
    name: "address",
    apply: "build",
    transformIndexHtml: (html) =>
      site === undefined
        ? html
        : {
            html: html.replace('content="./og.png"', `content="${new URL("og.png", site).href}"`),
            tags: [
              { tag: "meta", attrs: { property: "og:url", content: site.href }, injectTo: "head" },
              { tag: "link", attrs: { rel: "canonical", href: site.href }, injectTo: "head" },
            ],
          },
  };
}

function policy(live: boolean): Plugin {
  const rules = policyOf(live).join("; ");
  // No other page shows it in a frame; a page cannot say that of itself.
  const more = live ? "; frame-ancestors 'none'" : "";
  return {
    name: "policy",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { bundle = {} }) => [
        { tag: "meta", attrs: { "http-equiv": "Content-Security-Policy", content: rules }, injectTo: "head-prepend" },
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
      const source = `/*\n  Content-Security-Policy: ${rules}${more}\n  X-Content-Type-Options: nosniff\n  Referrer-Policy: no-referrer\n  Cross-Origin-Opener-Policy: same-origin\n  Cross-Origin-Embedder-Policy: require-corp\n`;
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
        const made = Object.entries(bundle).flatMap(([name, part]) => (part.type === "chunk" && part.name === "inline" ? [] : [name]));
        const files = ["./", ...made, ...readdirSync(join(here, "public"))].filter(
          // The picture is for who shows a link.
          (file) => file !== "index.html" && file !== "og.png" && !file.startsWith("_"),
        );
        const hash = createHash("sha256");
        for (const part of Object.values(bundle)) hash.update(part.type === "chunk" ? part.code : part.source);
        hash.update(readFileSync(join(here, "index.html")));
        const head = `const NAME = "wakey";\nconst PACKED = undefined;\nconst FILES = ${JSON.stringify([...new Set(files)])};\nconst VERSION = "${hash.digest("hex").slice(0, 12)}";\n`;
        this.emitFile({ type: "asset", fileName: "sw.js", source: head + readFileSync(join(here, "worker.js"), "utf8") });
      },
    },
  };
}

/** What consoles load to have a database of their own, and to speak of its commands: here both are the server's. */
function engineless(): Plugin {
  const none = "\0none";
  return {
    name: "engineless",
    resolveDynamicImport: (_, importer) => (importer.includes("/pkg/dist/") ? none : null),
    load: (id) => (id === none ? "export {};" : undefined),
  };
}

/** What is published has the licences of what it is made of. */
function withLicences(): Plugin {
  return {
    name: "licences",
    generateBundle: (_, bundle) =>
      licensed(Object.values(bundle).flatMap((part) => (part.type === "chunk" ? Object.keys(part.modules) : []))),
  };
}

/** Whether a module is needed for the first paint: the page's script imports it, by way of others, and not later on. */
function atFirst(id: string, modules: { getModuleInfo: (id: string) => { importedIds: readonly string[] } | null }): boolean {
  if (first.size === 0) {
    const add = (one: string): void => {
      if (first.has(one)) return;
      first.add(one);
      for (const next of modules.getModuleInfo(one)?.importedIds ?? []) add(next);
    };
    add(join(here, "src/main.tsx"));
  }
  return first.has(id);
}
const first = new Set<string>();

/** All of that in one file is smaller than in the twenty that shared parts would make, and comes sooner. */
const GROUPS = [{ name: (id: string, context: Parameters<typeof atFirst>[1]) => (atFirst(id, context) ? "page" : null) }];

/** What is in a file of the page and not used is left out, also where the file does something as it is loaded. */
const LEAN = [{ test: /\/www\/src\/(?!served\.).*\.tsx?$/, sideEffects: false }];

export default defineConfig(({ mode }) => {
  const live = mode === "live";
  return {
    root: live ? join(here, "live") : here,
    base: "./",
    publicDir: live ? false : "public",
    mode: "production",
    define: { __HOME__: JSON.stringify(manifest.homepage.replace(/#.*/, "")), __VERSION__: JSON.stringify(manifest.version) },
    plugins: [lessons(), strings(), policy(live), ...(live ? [engineless(), withLicences()] : [address(), worker()])],
    build: {
      outDir: live ? UI : "dist",
      emptyOutDir: true,
      target: "es2022",
      modulePreload: { polyfill: false },
      rolldownOptions: live
        ? { treeshake: { moduleSideEffects: LEAN }, checks: { ineffectiveDynamicImport: false } }
        : { output: { codeSplitting: { groups: GROUPS } } },
      assetsInlineLimit: 0,
      reportCompressedSize: false,
      chunkSizeWarningLimit: 1000,
    },
  };
});
