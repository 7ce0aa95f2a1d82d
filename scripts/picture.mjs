/**
 * Takes the picture of the playground that README.md shows, `docs/playground.png`: `node scripts/picture.mjs`, after `make site`, when the
 * page looks different.
 */
import { join } from "node:path";
import { open, type } from "../www/test/page.mjs";
import { root } from "./common.mjs";

const LINES = [
  "HSET user:1 name Ann visits 1",
  "HINCRBY user:1 visits 1",
  "ZADD board 120 Ann 95 Bob 140 Cleo",
  "XADD events * type login user Ann",
  'RPUSH jobs "mail Ann" "mail Bob"',
  "SET session:ann abc EX 900",
  "SADD tags red blue",
  "ZRANGE board 0 -1 REV WITHSCORES",
];

const { visit, close } = await open();
await visit(
  async (page) => {
    for (const line of LINES) {
      await type(page, line);
      await page.waitForTimeout(150);
    }
    await page.locator("button.key", { hasText: "board" }).first().click();
    await page.waitForTimeout(1000);
    await page.screenshot({ path: join(root, "docs/playground.png") });
  },
  { viewport: { width: 1200, height: 680 }, colorScheme: "light" },
);
await close();
