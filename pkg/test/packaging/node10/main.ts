import { open, ReplyError, type Wakey } from "wakey";
import type { WakeyObject } from "wakey/cloudflare";
import { database } from "wakey/console";
import { open as inline } from "wakey/inline";
import { options } from "wakey/ioredis";
import { serve } from "wakey/server";
import { open as slim } from "wakey/slim";
import { fetchHandler } from "wakey/upstash";
import { open as url } from "wakey/url";
import { open as worker } from "wakey/workerd";

export async function main(): Promise<string | null> {
  const db: Wakey = await open();
  for (const other of [await inline(), await url(), await worker(), await slim({ wasm: new Uint8Array(1) }), await database("a")])
    db.set("k", other.dbsize());
  await serve({ db, port: 0 });
  const handler: (request: Request) => Promise<Response> = fetchHandler(db, { token: "t" });
  const object: WakeyObject | undefined = undefined;
  // @ts-expect-error the types are those of the package, and not any
  db.get();
  return [handler, object, options, ReplyError].length > 0 ? db.get("k") : null;
}
