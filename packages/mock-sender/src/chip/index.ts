export { chipMock } from "./chip-mock.ts";
export type { ChipCredentials, ChipMockOptions } from "./chip-mock.ts";
export { createMockPlatform } from "./platform/create-mock-platform.ts";
export type {
  ChipMockPlatform,
  ChipMockPlatformOptions,
  Emission,
  EmitOptions,
} from "./platform/create-mock-platform.ts";
export type { PlatformDelivery } from "./platform/outbox.ts";
export type { ChipMode, MockWebhook } from "./platform/webhook-book.ts";
