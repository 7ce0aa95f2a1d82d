"use client";
import { useEffect } from "react";

/** The same in the browser. */
export default function Page() {
  useEffect(() => {
    import("wakey").then(async ({ open }) => {
      const db = await open();
      document.title = db.set("k", "v") + db.get("k");
    });
  }, []);
  return <p>wakey</p>;
}
