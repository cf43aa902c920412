export { callHook } from "./call-hook.ts";
export { systemClock } from "./clock.ts";
export type { Clock } from "./clock.ts";
export { createReceiver } from "./create-receiver.ts";
export { defineProvider } from "./define-provider.ts";
export type { EventsOf, ProviderDefinition } from "./define-provider.ts";
export type { ByteSink, ByteSource, ConsumedBody, Delivery, IncomingBody, IncomingDelivery } from "./delivery.ts";
export { diagnosisCauses } from "./diagnosis.ts";
export type { Diagnosis, DiagnosisCause } from "./diagnosis.ts";
export { BackendError, ConfigError, HandlerError, RejectedError, WebhookError } from "./errors.ts";
export type { ErrorCode, ErrorFamily, Outcome } from "./errors.ts";
export { toEpochMs } from "./event-time.ts";
export type { EventOf, EventPattern, EventTypeOf, KnownEvent, UnknownEvent, WebhookEvent } from "./event.ts";
export { toIncomingDelivery } from "./incoming-delivery.ts";
export type { PlainDelivery } from "./incoming-delivery.ts";
export { isEvent } from "./is-event.ts";
export type { Locator } from "./locator.ts";
export { logOutcome, logOutcomeWithCause } from "./log-outcome.ts";
export { memoryStore } from "./memory-store.ts";
export type { EarlyEviction, MemoryStore, MemoryStoreOptions } from "./memory-store.ts";
export { outcomeChannelName } from "./observe.ts";
export type { OutcomeReport } from "./outcome-report.ts";
export { printable } from "./printable.ts";
export type { BodyObject, EventDescription, Provider } from "./provider.ts";
export { readId } from "./read-id.ts";
export type {
  Around,
  Handler,
  HandlerContext,
  HandlerOptions,
  ProvenMessage,
  Receiver,
  ReceiverOptions,
} from "./receiver.ts";
export type { Reply, Result } from "./reply.ts";
export type { Scheme } from "./scheme.ts";
export type { Awaitable, Claim, RunningClaim, Store } from "./store.ts";
