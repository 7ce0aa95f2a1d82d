import { open } from "wakey";
import { fetchHandler } from "wakey/upstash";

const db = await open();
const handler = fetchHandler(db, { unprotected: true, hosts: "db.test" });
const { result } = await (await handler(new Request("https://db.test/set/k/v"))).json();
document.title = result + db.get("k");
