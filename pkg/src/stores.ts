/**
 * The entry `wakey/stores`: what databases with a store need, loaded at once, and not when the first one is opened. For service workers,
 * which may load nothing later: `import "wakey/stores"` beside `import { open } from "wakey"`.
 */
import * as browser from "./open/browser-stores.js";
import { parts } from "./open/parts.js";
import * as driver from "./persistence/driver.js";

parts.driver = () => Promise.resolve(driver);
parts.browser = () => Promise.resolve(browser);
