/** The search: an index of all pages, fetched when it is first asked for. */
import MiniSearch from "minisearch";

export const OPTIONS = {
  fields: ["title", "heading", "text"],
  storeFields: ["title", "heading", "url", "about"],
  searchOptions: { boost: { title: 6, heading: 3 }, prefix: true, fuzzy: (term) => (term.length > 4 ? 0.2 : false), combineWith: "AND" },
};

export function open(base) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "Search");
  dialog.innerHTML =
    '<form method="dialog"><input type="search" role="combobox" aria-expanded="true" aria-controls="found" aria-autocomplete="list" aria-label="Search the documentation" placeholder="Search the documentation" autocomplete="off" spellcheck="false"></form><ul id="found" role="listbox" aria-label="Pages"></ul><p role="status">Type to search.</p>';
  document.body.append(dialog);
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const status = dialog.querySelector("[role=status]");
  let index;
  let at = 0;
  const links = () => [...list.querySelectorAll("a")];
  const choose = (n) => {
    const all = links();
    if (all.length === 0) return;
    at = (n + all.length) % all.length;
    for (const [i, one] of all.entries()) one.setAttribute("aria-selected", String(i === at));
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  };
  const find = () => {
    if (index === undefined) return;
    const found = input.value.trim() === "" ? [] : index.search(input.value).slice(0, 12);
    list.replaceChildren(
      ...found.map(({ title, heading, url, about }, i) => {
        const item = document.createElement("li");
        item.setAttribute("role", "none");
        const link = Object.assign(document.createElement("a"), { href: new URL(url, base).href, id: `found-${i}`, tabIndex: -1 });
        link.setAttribute("role", "option");
        link.textContent = heading ? `${title} › ${heading}` : title;
        link.append(Object.assign(document.createElement("small"), { textContent: about }));
        // A place on this page: there is nothing to load.
        link.addEventListener("click", () => dialog.close());
        item.append(link);
        return item;
      }),
    );
    status.textContent = input.value.trim() === "" ? "Type to search." : found.length === 0 ? "Nothing found." : `${found.length} found`;
    choose(0);
  };
  input.addEventListener("input", find);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    links()[at]?.click();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    choose(at + (event.key === "ArrowDown" ? 1 : -1));
  });
  fetch(new URL("assets/search.json", base))
    .then((answer) => answer.text())
    .then((text) => {
      index = MiniSearch.loadJSON(text, OPTIONS);
      find();
    })
    .catch(() => {
      status.textContent = "The index could not be loaded.";
    });
  return dialog;
}
