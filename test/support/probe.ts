import { createReceiver } from "@hooklatch/core";
import type { OutcomeReport, Provider, Receiver, ReceiverOptions, WebhookEvent } from "@hooklatch/core";

/** A receiver that writes down what reached its handler and what became of each delivery. */
export interface Probe {
  readonly receiver: Receiver<unknown>;
  /** What reached the handler, in order. */
  readonly events: WebhookEvent[];
  readonly reports: OutcomeReport[];
}

/** Makes a receiver with one handler for everything. */
export function createProbe(
  provider: Provider<unknown>,
  options: Omit<ReceiverOptions<unknown>, "provider" | "onOutcome"> & { readonly handler?: () => unknown } = {},
): Probe {
  const { handler = () => undefined, ...rest } = options;
  const events: WebhookEvent[] = [];
  const reports: OutcomeReport[] = [];
  const receiver = createReceiver({ ...rest, provider, onOutcome: (report) => void reports.push(report) });
  receiver.on("*", (event) => {
    events.push(event);
    return handler();
  });
  return { receiver, events, reports };
}
