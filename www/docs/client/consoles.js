/** Consoles on a page: all use one module, and `db=cluster` stands for the node of a cluster. */
import { open } from "wakey/slim";

export async function begin(address) {
  const all = document.querySelectorAll("wakey-console");
  let node;
  for (const one of all) {
    if (one.getAttribute("db") === "cluster") {
      one.removeAttribute("db");
      node ??= open({ wasm: await WebAssembly.compileStreaming(fetch(address)), cluster: true });
      one.database = await node;
    } else one.setAttribute("wasm-src", address.href);
  }
  await import("wakey/console");
}
