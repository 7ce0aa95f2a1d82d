/** Which dialog on many keys is open: the dialog itself comes with its first use (`bulk.tsx`). */
import { signal } from "@preact/signals";

export type Act = "import" | "export" | "expire" | "delete";

/** `filter` as a person typed it, to begin with. */
export const bulk = signal<{ act: Act; filter: string; file?: File } | undefined>(undefined);
