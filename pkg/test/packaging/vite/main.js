import { open } from "wakey";

const db = await open();
document.title = db.set("k", "v") + db.get("k");
