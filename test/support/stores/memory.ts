import { memoryStore } from "@hooklatch/core";
import type { StorePlace } from "@hooklatch/conformance/store";

/** A memory of one process. */
export async function memoryPlace(): Promise<StorePlace> {
  const store = memoryStore();
  return {
    // Whoever opens it anew has the same memory; it is emptied when the last one has closed it.
    open: async () => ({ ...store, close: () => {} }),
    remove: async () => store.close(),
  };
}
