/** Where the page of a server begins that `wakey ui` and `wakey serve --web` serve: `?live` without the playground around it. */
import { dress } from "./layout.js";
import { begin } from "./ui/live.js";

dress();
// What somebody's page lays over it could have its keys deleted.
if (window.top === window) begin(document.getElementById("app")!, false);
