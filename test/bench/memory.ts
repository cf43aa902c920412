import { nextNumber, startChild } from "./child.ts";
import { limitRow } from "./row.ts";
import type { Row } from "./row.ts";

/** What a million event ids in the memory store add to the heap. */
export async function benchMemory(): Promise<readonly Row[]> {
  return [
    limitRow("a million CHIP ids in the memory store", await measureHeap("chip"), 250, "MB"),
    limitRow("a million UUIDs in the memory store", await measureHeap("uuid"), 250, "MB"),
  ];
}

async function measureHeap(kind: "chip" | "uuid"): Promise<number> {
  const child = startChild(new URL("./memory-child.ts", import.meta.url), kind, ["--expose-gc"]);
  return (await nextNumber(child)) / 1e6;
}
