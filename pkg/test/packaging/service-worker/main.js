import { Redis } from "@upstash/redis";

navigator.serviceWorker.register("worker.js", { type: "module" });
navigator.serviceWorker.addEventListener("controllerchange", async () => {
  const redis = new Redis({ url: `${location.origin}/redis`, token: "none" });
  document.title = (await redis.set("k", "v")) + (await redis.get("k"));
});
