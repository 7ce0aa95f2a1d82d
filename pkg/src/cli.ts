/** The program `wakey`. */
import { open } from "./node.js";
import { serve } from "./server.js";
import { begin } from "./terminal/program.js";

begin(open, serve);
