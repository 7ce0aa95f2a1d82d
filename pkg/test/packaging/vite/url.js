import { open } from "wakey/url";

const db = await open();
document.title = db.set("k", "v") + db.get("k");
