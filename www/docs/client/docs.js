/** What pages do: dark or light, the menu of a phone, search, filters, consoles once they come into view, and all of it without a network. */
const root = document.documentElement;
const base = new URL(root.dataset.root, location.href);

function theme() {
  const button = document.querySelector("button.theme");
  button.hidden = false;
  button.addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    try {
      localStorage.setItem("wakey-theme", root.dataset.theme);
    } catch {
      // It holds for this page.
    }
  });
}

function menu() {
  const button = document.querySelector("button.menu");
  const side = document.getElementById("side");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(side.classList.toggle("open")));
    if (side.classList.contains("open")) scrollTo(0, 0);
  });
  side.querySelector("[aria-current]")?.scrollIntoView({ block: "center", behavior: "instant" });
  if (!location.hash) scrollTo(0, 0);
}

function search() {
  const button = document.querySelector("button.find");
  button.hidden = false;
  let dialog;
  const show = async () => {
    const { open } = await import("./search.js");
    dialog ??= open(base);
    dialog.showModal();
    dialog.querySelector("input").select();
  };
  button.addEventListener("click", show);
  addEventListener("keydown", (event) => {
    const typing = event.composedPath()[0].matches?.("input, textarea, select");
    if ((event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      show();
    }
  });
}

/** A field above tables that leaves the rows with its words. */
function filters() {
  for (const place of document.querySelectorAll(".filter")) {
    const tables = [];
    for (let next = place.nextElementSibling; next && !next.matches(".filter"); next = next.nextElementSibling) tables.push(next);
    const rows = tables.flatMap((one) => [...one.querySelectorAll("tbody tr")]);
    const input = Object.assign(document.createElement("input"), { type: "search", placeholder: "Filter: a command, a word" });
    input.setAttribute("aria-label", "Filter the table");
    const count = document.createElement("span");
    count.setAttribute("role", "status");
    const apply = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let n = 0;
      for (const row of rows) {
        row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
        if (!row.hidden) n++;
      }
      for (const one of tables) {
        const table = one.matches(".table") ? one : undefined;
        if (table) table.hidden = !table.querySelector("tbody tr:not([hidden])");
        if (one.matches("h2") && input.value) {
          let behind = one.nextElementSibling;
          while (behind && !behind.matches(".table, h2")) behind = behind.nextElementSibling;
          one.hidden = behind?.matches(".table") ? !behind.querySelector("tbody tr:not([hidden])") : false;
        } else one.hidden = one.matches("h2") ? false : one.hidden;
      }
      count.textContent = `${n} of ${rows.length}`;
    };
    input.addEventListener("input", apply);
    place.append(input, count);
    apply();
  }
}

/** The engine is fetched when the first console comes into view: the playground's own, which a visitor may have already. */
function consoles() {
  const all = document.querySelectorAll("wakey-console");
  if (all.length === 0) return;
  const start = async () => {
    seen.disconnect();
    const { begin } = await import("./consoles.js");
    await begin(new URL(root.dataset.wasm ?? "assets/core.wasm", base));
  };
  const seen = new IntersectionObserver((entries) => entries.some(({ isIntersecting }) => isIntersecting) && start(), {
    rootMargin: "200px",
  });
  for (const one of all) seen.observe(one);
}

/** Milliseconds after the page: its console has begun by then, on a slow phone too. */
const LATER = 3000;

/** All pages are a megabyte with the engine: not for whom each megabyte costs. */
function offline() {
  if (!("serviceWorker" in navigator) || navigator.connection?.saveData) return;
  const begin = () => setTimeout(() => navigator.serviceWorker.register(new URL("sw.js", base)).catch(() => {}), LATER);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}

theme();
menu();
search();
filters();
consoles();
offline();
