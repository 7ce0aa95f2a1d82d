/** The order of the pages: what the side shows, and what comes next. */
import { compatibility } from "./compatibility.mjs";

/** DESIGN.md and SECURITY.md have several first headings, or begin a level too high for a page. */
const oneTitle = (text) => {
  let fenced = false;
  let first = true;
  return text
    .split("\n")
    .map((line) => {
      if (line.startsWith("```")) fenced = !fenced;
      if (fenced || !/^#+ /.test(line)) return line;
      if (line.startsWith("# ") && first) {
        first = false;
        return line;
      }
      return `#${line}`;
    })
    .join("\n");
};

/** Files of the repository that are pages. */
export const ROOT_PAGES = [
  { file: "README.md", url: "index.html", skip: true },
  { file: "DESIGN.md", url: "design.html", edit: oneTitle },
  { file: "SECURITY.md", url: "security.html" },
  { file: "CHANGELOG.md", url: "changelog.html" },
  { file: "CONTRIBUTING.md", url: "contributing.html" },
  { file: "COMPAT.md", url: "compatibility.html", edit: compatibility },
];

export const NAVIGATION = [
  [
    "Start",
    [
      ["Overview", "index.html"],
      ["In tests", "start/tests.html"],
      ["In the browser", "start/browser.html"],
      ["At the edge", "start/edge.html"],
      ["As a server", "start/server.html"],
      ["To learn Redis", "start/learning.html"],
    ],
  ],
  [
    "The API",
    [
      ["Commands as methods", "guides/api.html"],
      ["Data types", "guides/data-types.html"],
      ["Blocking commands", "guides/waiting.html"],
      ["Transactions", "guides/transactions.html"],
      ["Scripts and functions", "guides/scripts.html"],
      ["Pub/sub", "guides/pubsub.html"],
      ["Key events", "guides/key-events.html"],
      ["Live queries", "guides/live-queries.html"],
      ["Fault injection", "guides/faults.html"],
      ["Sessions", "guides/sessions.html"],
      ["Users", "guides/users.html"],
      ["Time", "guides/time.html"],
      ["Options", "guides/options.html"],
    ],
  ],
  [
    "Data",
    [
      ["Persistence", "guides/persistence.html"],
      ["RDB files", "guides/rdb.html"],
      ["Sharing between tabs", "guides/tabs.html"],
      ["Limits", "guides/limits.html"],
    ],
  ],
  [
    "Where it runs",
    [
      ["Runtimes and sizes", "guides/runtimes.html"],
      ["The server", "guides/server.html"],
      ["Cluster", "guides/cluster.html"],
      ["The terminal", "guides/terminal.html"],
      ["Cloudflare", "guides/cloudflare.html"],
      ["ioredis, node-redis, Upstash", "guides/clients.html"],
      ["REST interface", "guides/rest.html"],
      ["As a component", "guides/component.html"],
      ["Console element", "guides/console.html"],
      ["The playground", "guides/playground.html"],
    ],
  ],
  [
    "Coming from",
    [
      ["ioredis-mock", "coming-from/ioredis-mock.html"],
      ["redis-mock", "coming-from/redis-mock.html"],
      ["redis-memory-server", "coming-from/redis-memory-server.html"],
      ["Testcontainers", "coming-from/testcontainers.html"],
      ["fakeredis", "coming-from/fakeredis.html"],
      ["miniredis", "coming-from/miniredis.html"],
      ["PGlite and SQLite", "coming-from/pglite.html"],
    ],
  ],
  [
    "Reference",
    [
      ["Commands", "commands/index.html"],
      ["Compatibility", "compatibility.html"],
      ["API reference", "../api/index.html"],
      ["Recipes", "recipes.html"],
      ["Benchmarks", "benchmarks.html"],
      ["Design", "design.html"],
      ["Security", "security.html"],
      ["Changelog", "changelog.html"],
      ["Contributing", "contributing.html"],
    ],
  ],
];
