/**
 * The lessons: each from first to last step by what its own Markdown says is to be typed, alone and all in one session; what is missing is
 * told; one's own keys are back; and where one is stays so over reloads, and in links.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root, until } from "../../pkg/test/support.mjs";
import { axe, key, open, shot, skip, type } from "./page.mjs";

let visit;
let close;

before(async () => {
  if (!skip) ({ visit, close } = await open());
});

after(() => close?.());

const top = join(root, "www/lessons");
/** Each lesson: its id, title, and steps with their blocks in order. */
const lessons = readdirSync(top)
  .sort()
  .flatMap((folder) =>
    readdirSync(join(top, folder))
      .sort()
      .map((file) => {
        const [head, ...parts] = readFileSync(join(top, folder, file), "utf8").split(/^## /m);
        const steps = parts.map((part) => ({
          title: part.split("\n")[0].trim(),
          blocks: [...part.matchAll(/^```(redis|solution|clock)(?: (\d))?\n([\s\S]*?)^```$/gm)].map(([, kind, n = "1", body]) => ({
            kind,
            which: Number(n) - 1,
            body: body.trim(),
          })),
        }));
        return { id: file.replace(/^\d+-|\.md$/g, ""), title: /^# (.+)$/m.exec(head)[1], steps };
      }),
  );

const panel = (page) => page.locator(".lessons.panel");
const enter = (page, id) => page.locator(`button.lesson[data-lesson="${id}"]`).click();
const press = (page, name) => panel(page).getByRole("button", { name, exact: true }).click();
const done = async (page) => {
  try {
    await page.locator(".lessons p.done").waitFor({ timeout: 10_000 });
  } catch {
    await shot(page, "lesson-not-done");
    assert.fail(`this step is not done: ${await panel(page).innerText()}`);
  }
};
const title = async (page, text) => {
  try {
    await panel(page).getByRole("heading", { name: text, exact: true }).waitFor({ timeout: 10_000 });
  } catch {
    await shot(page, "lesson-other");
    assert.fail(`'${text}' is not shown: ${await panel(page).innerText()} ${await page.locator(".notices").innerText()}`);
  }
};
/** Lines of a block: more than one where a quote stays open. */
const lines = (body) => {
  const out = [];
  for (const line of body.split("\n")) {
    const last = out.at(-1);
    if (last !== undefined && (last.match(/"/g) ?? []).length % 2 === 1) out[out.length - 1] = `${last}\n${line}`;
    else out.push(line);
  }
  return out;
};

/** Types what a step's blocks say, into the consoles that they name. */
async function follow(page, { blocks }) {
  for (const { kind, which, body } of blocks) {
    if (kind === "clock") {
      assert.equal(body, "next expiry");
      await page.getByRole("button", { name: /^Next expiry/ }).click();
      continue;
    }
    if (which > 0 && (await page.locator("wakey-console").count()) < 2) {
      await page.getByRole("button", { name: "New console" }).click();
      await page.getByRole("button", { name: "Split" }).click();
    }
    for (const line of lines(body)) {
      await type(page, line, which);
      // It has run, or waits, before the other console has its turn.
      const last = line.split("\n").at(-1);
      await page.locator("wakey-console").nth(which).getByText(last).first().waitFor();
    }
  }
}

for (const { id, title: name, steps } of lessons)
  test(`lesson ${id}, typed from first to last step`, { skip }, () =>
    visit(async (page) => {
      await enter(page, id);
      await title(page, name);
      for (const [i, step] of steps.entries()) {
        await title(page, step.title);
        assert.equal(await page.locator(".lessons p.done").count(), 0, `step ${i + 1} is not done before it begins`);
        await follow(page, step);
        await done(page);
        if (i === 1) await shot(page, `lesson-${id}`);
        await press(page, i + 1 === steps.length ? "Finish" : "Next");
      }
      await title(page, "Lesson complete");
      await press(page, "All lessons");
      await page.locator(`button.lesson[data-lesson="${id}"]`, { hasText: "Done" }).waitFor();
    }),
  );

test("all lessons in one session, as they show it; one's own keys are back after them", { skip }, () =>
  visit(async (page) => {
    await type(page, "SET mine 1 EX 50");
    await key(page, "mine").waitFor();
    await enter(page, lessons[0].id);
    for (const [n, { title: name, steps }] of lessons.entries()) {
      await title(page, name);
      await key(page, "mine").waitFor({ state: "detached" });
      for (const [i, step] of steps.entries()) {
        await title(page, step.title);
        assert.equal(await page.locator(".lessons p.done").count(), 0, `${name}: step ${i + 1} is not done before it begins`);
        await press(page, "Show me");
        await done(page);
        await press(page, i + 1 === steps.length ? "Finish" : "Next");
      }
      await title(page, "Lesson complete");
      if (n === 0) await shot(page, "lesson-over");
      if (n + 1 < lessons.length) await press(page, `Next: ${lessons[n + 1].title}`);
    }
    await press(page, "All lessons");
    await key(page, "mine").waitFor();
    assert.equal(await page.locator("button.lesson", { hasText: "Done" }).count(), lessons.length);
    await shot(page, "lessons-all-done");
    // Its expiry is where it was left, whatever the clock did in lessons.
    await type(page, "TTL mine");
    const reply = page
      .locator("wakey-console")
      .first()
      .getByText(/^\(integer\) (4\d|50)$/);
    await reply.last().waitFor();
  }),
);

test("a step says what is missing, and from what is there", { skip }, () =>
  visit(async (page) => {
    await enter(page, "hset");
    const why = page.locator(".lessons .why");
    assert.equal(await why.count(), 0);
    await page.locator(".checks li", { hasText: "field1 is Hello" }).waitFor();
    await type(page, "HSET myhash field1 Hallo");
    await why.getByText("field1 is Hallo, not Hello").waitFor();
    await shot(page, "lesson-near-miss");
    assert.deepEqual(await axe(page), []);
    await type(page, "HSET myhsh field1 Hello");
    await type(page, "HSET myhash field1 Hello");
    await done(page);
    assert.equal(await why.count(), 0);
    // Another key, another type, too many.
    await press(page, "Start over");
    await title(page, "Make a hash");
    await type(page, "HSET myhsh field1 Hello");
    await why.getByText("You typed myhsh. It should be myhash.").waitFor();
    await why.getByText("field1 isn’t set").waitFor();
    await type(page, "SET myhash Hello");
    await why.getByText("myhash holds a value of the wrong type: string").waitFor();
    await press(page, "Leave the lesson");
    await enter(page, "lists");
    await type(page, "RPUSH todo milk");
    await why.getByText("todo is milk, not buy milk call Ann").waitFor();
    await press(page, "Leave the lesson");
    await enter(page, "sets");
    await type(page, "SADD tags:1 a b c d <b>bold</b>");
    await why.getByText("tags:1 has 5 members, not 3").waitFor();
    await press(page, "Leave the lesson");
    await enter(page, "strings");
    await type(page, 'SET greeting "<img src=x onerror=alert(1)>`"');
    await why.getByText("greeting is <img src=x onerror=alert(1)>´, not hello").waitFor();
  }),
);

test("back, redo and skip; who skips has not done it", { skip }, () =>
  visit(async (page) => {
    await enter(page, "strings");
    await press(page, "Show me");
    await done(page);
    await press(page, "Next");
    await title(page, "Read it back");
    await press(page, "Back");
    await title(page, "Set a value");
    await done(page);
    await press(page, "Redo");
    await page.locator(".lessons p.done").waitFor({ state: "detached" });
    await key(page, "greeting").waitFor({ state: "detached" });
    await type(page, "SET greeting hello");
    await done(page);
    // The third step is skipped: what it counts is there for the fourth, and yet it is not done.
    await press(page, "Next");
    await press(page, "Show me");
    await done(page);
    await press(page, "Next");
    await title(page, "Count");
    await type(page, "INCR visits");
    await press(page, "Skip");
    await title(page, "Add more than one");
    for (const last of [false, true]) {
      await press(page, "Show me");
      await done(page);
      await press(page, last ? "Finish" : "Next");
    }
    await title(page, "Almost there");
    await shot(page, "lesson-skipped");
    assert.deepEqual(await axe(page), []);
    await press(page, "All lessons");
    await page.locator('button.lesson[data-lesson="strings"]', { hasText: "4 of 5" }).waitFor();
    await enter(page, "strings");
    await press(page, "Step 3: Count");
    await press(page, "Redo");
    await press(page, "Show me");
    await done(page);
    await press(page, "Leave the lesson");
    await page.locator('button.lesson[data-lesson="strings"]', { hasText: "Done" }).waitFor();
  }),
);

test("a lesson, its keys and its place are there after a reload, and a link leads to a step", { skip }, () =>
  visit(
    async (page) => {
      // Step 3 of the lesson needs the key of those before it.
      await title(page, "Keep it");
      await key(page, "token").waitFor();
      assert.match(page.url(), /#lesson=expiry\/3$/);
      await type(page, "PERSIST token");
      await done(page);
      await press(page, "Next");
      await title(page, "Watch it go");
      await type(page, "SET other 1");
      await key(page, "other").waitFor();
      assert.match(page.url(), /#lesson=expiry\/4$/);
      // It is written down a moment after each change.
      await until(() =>
        page.evaluate(
          () =>
            new Promise((done) => {
              const request = indexedDB.open("wakey-playground", 1);
              request.onsuccess = () => {
                const get = request.result.transaction("session").objectStore("session").get("whole");
                get.onsuccess = () => {
                  request.result.close();
                  done(get.result?.lesson === "expiry" && get.result.events.some(({ args }) => args[1] === "other"));
                };
              };
            }),
        ),
      );
      await page.reload();
      await title(page, "Watch it go");
      await key(page, "other").waitFor();
      await panel(page).getByRole("button", { name: "Step 3: Keep it, done", exact: true }).click();
      await done(page);
      await press(page, "Leave the lesson");
      await key(page, "token").waitFor({ state: "detached" });
      assert.doesNotMatch(page.url(), /lesson/);
      // By the palette, and by another link on the page.
      await page.evaluate(() => {
        location.hash = "lesson=queue/2";
      });
      await title(page, "Wait for work");
      await key(page, "jobs").waitFor();
    },
    { at: "#lesson=expiry/3" },
  ),
);

for (const [width, height] of [
  [390, 844],
  [820, 1180],
  [1280, 720],
  [2200, 1200],
])
  for (const colorScheme of ["light", "dark"])
    test(`the lessons at ${width} pixels, ${colorScheme}`, { skip }, () =>
      visit(
        async (page) => {
          if (width < 900) await page.getByRole("button", { name: "Lessons", exact: true }).last().click();
          await page.locator("button.lesson").first().waitFor();
          await shot(page, `lessons-${width}-${colorScheme}`);
          await enter(page, "transactions");
          await press(page, "Step 4: Notice a change");
          await title(page, "Notice a change");
          await press(page, "Show me");
          await done(page);
          await shot(page, `lesson-open-${width}-${colorScheme}`);
          assert.deepEqual(await axe(page), []);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${wide} pixels too wide`);
        },
        { colorScheme, viewport: { width, height } },
      ),
    );
