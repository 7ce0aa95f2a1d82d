/** Long text on a terminal, through the user's pager. */
import { spawnSync } from "node:child_process";

/** Prints a text; where it is longer than the screen, PAGER (or `less`) shows it. */
export async function paged(text: string): Promise<void> {
  const { stdout, stdin, env } = process;
  const rows = stdout.rows || 24;
  if (stdout.isTTY && text.split("\n").length >= rows && env["PAGER"] !== "") {
    const raw = stdin.isTTY && stdin.isRaw;
    if (raw) stdin.setRawMode(false);
    // In `less`: colours, and nothing is cleared at the end.
    const { error, status } = spawnSync(env["PAGER"] ?? "less", {
      input: text,
      shell: true,
      stdio: ["pipe", "inherit", "inherit"],
      env: { LESS: "FRX", ...env },
    });
    if (raw) stdin.setRawMode(true);
    if (error === undefined && status === 0) return;
  }
  await new Promise<void>((done) => stdout.write(text, () => done()));
}
