import { createHash } from "node:crypto";
import { threadId } from "node:worker_threads";

import type { Clock } from "@hooklatch/core";

import type { MockMoment } from "./mock-platform.ts";

let sendersSoFar = 0;

/**
 * Answers with the moment of the next event, each time it is called.
 *
 * @param seed decides the identifiers, together with the clock; default: differs from any other sender's
 */
export function createMoments(
  clock: Clock,
  seed: string = `${process.pid}/${threadId}/${++sendersSoFar}`,
): () => MockMoment {
  let sequence = 0;
  let atMs = Number.NEGATIVE_INFINITY;
  return () => {
    sequence++;
    // Platforms that count in seconds must still tell two events of a sender apart.
    atMs = Math.max(clock.nowMs(), atMs + 1000);
    const root = JSON.stringify([seed, atMs]);
    return { sequence, atMs, uuid: (label) => toUuid(`${root}${label}`) };
  };
}

/** Text as the UUID (version 4, in form) that its hash spells. */
function toUuid(text: string): string {
  const hash = createHash("sha256").update(text).digest();
  hash[6] = (hash.readUInt8(6) & 0x0f) | 0x40;
  hash[8] = (hash.readUInt8(8) & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
