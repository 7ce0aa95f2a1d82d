/**
 * Firefox, as far as its tests need it, by Marionette: what every Firefox speaks, over TCP, and what geckodriver translates WebDriver to.
 * Messages are JSON with their length in front: `[0, id, command, parameters]`, answered by `[1, id, error, result]`.
 *
 * geckodriver would have to be compiled or downloaded; Playwright drives a Firefox of its own making alone.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { root, scratch, until } from "../../pkg/test/support.mjs";

/** How WebDriver names a reference to an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const SHOTS = join(root, "www/test/screenshots");
export const KEYS = { enter: "\ue007", control: "\ue009", escape: "\ue00c" };
/** It asks nobody outside for news, studies and blocklists. */
const SETTINGS = {
  "marionette.port": 0,
  "app.normandy.enabled": false,
  "browser.safebrowsing.downloads.remote.enabled": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "http://127.0.0.1:9/",
};

/** Starts a Firefox of its own profile, until `close` is called. */
export async function start(path) {
  const profile = scratch("firefox");
  const lines = Object.entries(SETTINGS).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
  writeFileSync(join(profile, "user.js"), lines.join(""));
  const args = ["--marionette", "--remote-allow-system-access", "--headless", "--no-remote", "--width", "1440", "--height", "900"];
  const child = spawn(path, [...args, "--profile", profile], { stdio: "ignore" });
  const exited = once(child, "exit");
  const listening = join(profile, "MarionetteActivePort");
  await until(() => existsSync(listening) && readFileSync(listening, "utf8") !== "", 60_000);
  const socket = connect(Number(readFileSync(listening, "utf8")), "127.0.0.1");
  const waiting = new Map();
  let received = Buffer.alloc(0);
  let sent = 0;
  socket.on("data", (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const colon = received.indexOf(":");
      const end = colon + 1 + Number(received.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || received.length < end) return;
      const message = JSON.parse(received.subarray(colon + 1, end));
      received = received.subarray(end);
      // The first tells what it is.
      if (!Array.isArray(message)) continue;
      const [, id, error, result] = message;
      const { done, failed } = waiting.get(id);
      waiting.delete(id);
      if (error) failed(new Error(error.message));
      else done(result);
    }
  });
  socket.on("close", () => {
    for (const { failed } of waiting.values()) failed(new Error("Firefox has gone"));
  });
  const send = (command, parameters = {}) =>
    new Promise((done, failed) => {
      const message = JSON.stringify([0, ++sent, command, parameters]);
      waiting.set(sent, { done, failed });
      socket.write(`${Buffer.byteLength(message)}:${message}`);
    });
  await send("WebDriver:NewSession", {}).catch((error) => {
    child.kill();
    throw error;
  });
  await send("WebDriver:SetTimeouts", { script: 10_000, pageLoad: 30_000 });

  /** What a function in the page returns, or resolves with. */
  const run = async (work, ...args) => {
    const { value } = await send("WebDriver:ExecuteScript", { script: `return (${work})(...arguments)`, args });
    return value;
  };
  /** What the browser itself holds against a page: errors that nobody caught, and what the policy refuses. */
  const wrong = async (url) => {
    await send("Marionette:SetContext", { value: "chrome" });
    try {
      return await run((url) => {
        const all = Services.console.getMessageArray().filter((one) => one instanceof Ci.nsIScriptError);
        const errors = all.filter(
          (one) => one.sourceName.startsWith(url) && !(one.flags & (Ci.nsIScriptError.warningFlag | Ci.nsIScriptError.infoFlag)),
        );
        return errors.map((one) => `${one.errorMessage} (${one.sourceName}:${one.lineNumber})`);
      }, url);
    } finally {
      await send("Marionette:SetContext", { value: "content" });
    }
  };
  return {
    send,
    run,
    wrong,
    go: (url) => send("WebDriver:Navigate", { url }),
    reload: () => send("WebDriver:Refresh"),
    /** Waits until a function in the page returns what is true. */
    sees: (work, ...args) => until(() => run(work, ...args), 15_000),
    /** Clicks what a function in the page finds, as a hand would. */
    click: async (find, ...args) => send("WebDriver:ElementClick", { id: (await run(find, ...args))[ELEMENT] }),
    keys: async (text, find, ...args) => send("WebDriver:ElementSendKeys", { id: (await run(find, ...args))[ELEMENT], text }),
    shot: async (name) => {
      mkdirSync(SHOTS, { recursive: true });
      const { value } = await send("WebDriver:TakeScreenshot", { full: false });
      writeFileSync(join(SHOTS, `firefox-${name}.png`), Buffer.from(value, "base64"));
    },
    close: async () => {
      await send("Marionette:Quit", { flags: ["eForceQuit"] }).catch(() => {});
      await exited;
      socket.destroy();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
