// A list that works offline, in all tabs at once. The data is in this browser alone, in IndexedDB.
import { open } from "wakey";
import { add, list, remove, toggle } from "./todos.js";

const db = await open("idb:todo", { shared: true });
const ul = document.querySelector("ul");
const form = document.querySelector("form");

function row({ id, text, done }) {
  const li = document.createElement("li");
  li.className = done ? "done" : "";
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: done, ariaLabel: `Done: ${text}` });
  box.addEventListener("change", () => toggle(db, id));
  const span = Object.assign(document.createElement("span"), { textContent: text });
  const cross = Object.assign(document.createElement("button"), { textContent: "✕", ariaLabel: `Remove: ${text}` });
  cross.addEventListener("click", () => remove(db, id));
  li.append(box, span, cross);
  return li;
}

// Shown now, and again with each change, whichever tab it comes from.
db.live(
  () => list(db),
  (todos) => {
    ul.replaceChildren(...todos.map(row));
    const left = todos.filter(({ done }) => !done).length;
    document.querySelector("#left").textContent = todos.length === 0 ? "Nothing to do." : `${left} of ${todos.length} left`;
  },
);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  add(db, form.elements.text.value);
  form.reset();
});
