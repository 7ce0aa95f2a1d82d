import { open } from "wakey";

const db = await open();
console.log(db.set("k", "v") + db.get("k"));
