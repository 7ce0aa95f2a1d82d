const { open } = require("wakey");

open().then((db) => console.log(db.set("k", "v") + db.get("k")));
