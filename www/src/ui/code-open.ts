/** What is to be copied as code: keys, or commands. The dialog itself comes with its first use (`code.tsx`). */
import { signal } from "@preact/signals";

export const code = signal<{ keys: readonly string[] } | { commands: readonly (readonly string[])[] } | undefined>(undefined);
