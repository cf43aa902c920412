import { AsyncLocalStorage } from "node:async_hooks";

import type { HandlerContext, WebhookEvent } from "@hooklatch/core";

/** What the handlers have done, each line with the event it was done for. */
export interface Journal {
  readonly lines: readonly string[];
  note(line: string): void;
  /** For `receiver.use()`: goes around every handler and remembers which event it runs for. */
  readonly around: (event: WebhookEvent, context: HandlerContext, next: () => Promise<void>) => Promise<void>;
}

/** Makes an empty journal. One serves receivers of any event map, as it looks only at what all events have. */
export function createJournal(): Journal {
  const current = new AsyncLocalStorage<string>();
  const lines: string[] = [];
  return {
    lines,
    note: (line) => void lines.push(`${current.getStore()}: ${line}`),
    around: async (event, { provider, attempt }, next) =>
      current.run(`${provider} ${event.type} #${attempt}`, async () => next()),
  };
}
