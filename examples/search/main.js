// Results as you type: the model and the texts are files beside the page, and nothing is asked of anybody.
import { open } from "wakey";
import { index } from "./search.js";

const bytes = async (name) => new Uint8Array(await (await fetch(new URL(name, location.href))).arrayBuffer());
const [db, model, texts] = await Promise.all([open(), bytes("words.bin"), bytes("texts.txt")]);
const lines = new TextDecoder().decode(texts).trim().split("\n");
const { kinds, search } = index(db, model, lines);

const input = document.querySelector("input");
const select = document.querySelector("select");
const told = document.querySelector("#told small");
select.append(...kinds.map((kind) => new Option(kind, kind)));

function row({ text, kind, score }) {
  const li = document.createElement("li");
  const bar = document.createElement("i");
  bar.style.width = `${Math.round(score * 100)}%`;
  const words = Object.assign(document.createElement("span"), { textContent: text });
  const about = Object.assign(document.createElement("small"), { textContent: `${kind} ${score.toFixed(2)}` });
  li.append(bar, words, about);
  return li;
}

function show() {
  const begun = performance.now();
  const found = search(input.value, select.value);
  const took = performance.now() - begun;
  document.querySelector("ol").replaceChildren(...found.map(row));
  const one = `${lines.length} texts`;
  told.textContent = found.length > 0 ? `${one}, in ${took.toFixed(1)} ms` : input.value === "" ? one : "None of these words is known.";
}

input.addEventListener("input", show);
select.addEventListener("change", show);
show();
