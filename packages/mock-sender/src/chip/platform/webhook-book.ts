import { randomUUID } from "node:crypto";

import type { Clock } from "@hooklatch/core";
import type { ChipEvents } from "@hooklatch/providers/chip";
import type { ChipWebhook } from "@hooklatch/providers/chip/manage";

import type { MockPlatform } from "../../mock-platform.ts";
import { chipMock } from "../chip-mock.ts";
import type { ChipCredentials } from "../chip-mock.ts";
import type { WebhookFields } from "./webhook-fields.ts";

/** CHIP's two worlds. */
export type ChipMode = "test" | "live";

/** A webhook that is registered with the platform. */
export interface MockWebhook extends ChipWebhook {
  readonly mode: ChipMode;
}

/** What signs with one key. */
export type Signer = MockPlatform<ChipEvents, ChipCredentials>;

/** A webhook as the platform keeps it. */
export interface WebhookEntry {
  readonly id: string;
  readonly mode: ChipMode;
  readonly signer: Signer;
  /** In Unix seconds, as the API tells it. */
  readonly createdOn: number;
  readonly updatedOn: number;
  readonly fields: WebhookFields;
}

/** The webhooks of both worlds. */
export interface WebhookBook {
  all(): readonly MockWebhook[];
  list(mode: ChipMode): readonly WebhookEntry[];
  find(mode: ChipMode, id: string): WebhookEntry | undefined;
  add(mode: ChipMode, fields: WebhookFields): WebhookEntry;
  change(entry: WebhookEntry, fields: WebhookFields): WebhookEntry;
  remove(entry: WebhookEntry): void;
  /** What signs success callbacks. */
  company(mode: ChipMode): Signer;
}

/** Makes an empty book. Each webhook gets a key of its own, which takes about 0.1 s. */
export function createWebhookBook(clock: Clock): WebhookBook {
  const entries = new Map<string, WebhookEntry>();
  const companies = new Map<ChipMode, Signer>();
  const now = () => Math.floor(clock.nowMs() / 1000);

  return {
    all: () => [...entries.values()].map(toMockWebhook),
    list: (mode) => [...entries.values()].filter((entry) => entry.mode === mode),
    find(mode, id) {
      const entry = entries.get(id);
      return entry?.mode === mode ? entry : undefined;
    },
    add(mode, fields) {
      const entry = { id: randomUUID(), mode, signer: chipMock(), createdOn: now(), updatedOn: now(), fields };
      entries.set(entry.id, entry);
      return entry;
    },
    change(entry, fields) {
      const changed = { ...entry, fields, updatedOn: now() };
      entries.set(entry.id, changed);
      return changed;
    },
    remove: (entry) => void entries.delete(entry.id),
    company(mode) {
      const signer = companies.get(mode) ?? chipMock();
      companies.set(mode, signer);
      return signer;
    },
  };
}

function toMockWebhook({ id, mode, signer, createdOn, updatedOn, fields }: WebhookEntry): MockWebhook {
  return {
    id,
    mode,
    title: fields.title,
    callback: fields.callback,
    events: fields.events,
    allEvents: fields.all_events,
    publicKey: signer.credentials.publicKey,
    createdAt: new Date(createdOn * 1000).toISOString(),
    updatedAt: new Date(updatedOn * 1000).toISOString(),
  };
}
