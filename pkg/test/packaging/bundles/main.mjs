import { open, ReplyError } from "wakey";
import { serve } from "wakey/server";
import { fetchHandler } from "wakey/upstash";

const db = await open();
const server = await serve({ db, port: 0 });
await server.close();
try {
  db.call("NONE");
} catch (error) {
  if (!(error instanceof ReplyError) || typeof fetchHandler !== "function") throw error;
}
console.log(db.set("k", "v") + db.get("k"));
