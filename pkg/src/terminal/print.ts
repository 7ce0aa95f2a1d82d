/** Writes bytes (as latin1) to standard output, and waits where whoever reads them is slower. */
import { once } from "node:events";

export async function print(text: string, to: NodeJS.WriteStream = process.stdout): Promise<void> {
  if (text !== "" && !to.write(Buffer.from(text, "latin1"))) await once(to, "drain");
}
