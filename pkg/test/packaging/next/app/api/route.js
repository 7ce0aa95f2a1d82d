import { open } from "wakey";

export const dynamic = "force-dynamic";

export async function GET() {
  const db = await open();
  return new Response(db.set("k", "v") + db.get("k"));
}
