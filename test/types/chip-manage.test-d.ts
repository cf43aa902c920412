import { createMockPlatform } from "@hooklatch/mock-sender/chip";
import type { ChipMockPlatform, MockWebhook } from "@hooklatch/mock-sender/chip";
import { chip } from "@hooklatch/providers/chip";
import type { ChipEvents, ChipOptions } from "@hooklatch/providers/chip";
import { ChipApiError, createChipApi, ensureWebhook } from "@hooklatch/providers/chip/manage";
import type {
  ChipApi,
  ChipApiOptions,
  ChipWebhook,
  ChipWebhookChanges,
  ChipWebhookInput,
  ChipWebhooks,
  EnsuredWebhook,
  EnsureWebhookOptions,
  Fetch,
} from "@hooklatch/providers/chip/manage";
import { expectTypeOf, test } from "vitest";

interface Named {
  readonly title: string;
  readonly callback: string;
}

test("a webhook delivers some events or all, never both, never none", () => {
  expectTypeOf<Named & { events: ["purchase.paid"] }>().toExtend<ChipWebhookInput>();
  expectTypeOf<Named & { allEvents: true }>().toExtend<ChipWebhookInput>();
  expectTypeOf<Named>().not.toExtend<ChipWebhookInput>();
  expectTypeOf<Named & { allEvents: false }>().not.toExtend<ChipWebhookInput>();
  expectTypeOf<Named & { allEvents: true; events: ["purchase.paid"] }>().not.toExtend<ChipWebhookInput>();
  expectTypeOf<{ title: string; allEvents: true }>().not.toExtend<ChipWebhookInput>();
});

test("an event that CHIP adds later can be named, but nothing else than a text", () => {
  expectTypeOf<Named & { events: ["purchase.gift_wrapped"] }>().toExtend<ChipWebhookInput>();
  expectTypeOf<Named & { events: [5] }>().not.toExtend<ChipWebhookInput>();
});

test("changes are any part of a webhook", () => {
  expectTypeOf<{ title: string }>().toExtend<ChipWebhookChanges>();
  expectTypeOf<{ events: ["purchase.paid"] }>().toExtend<ChipWebhookChanges>();
  expectTypeOf<{ allEvents: true }>().toExtend<ChipWebhookChanges>();
  expectTypeOf<{ allEvents: false }>().not.toExtend<ChipWebhookChanges>();
  expectTypeOf<{ title: undefined }>().not.toExtend<ChipWebhookChanges>();
});

test("the calls answer with webhooks that cannot be written to", () => {
  expectTypeOf(createChipApi).returns.toEqualTypeOf<ChipApi>();
  expectTypeOf<ChipWebhooks["list"]>().returns.resolves.toEqualTypeOf<readonly ChipWebhook[]>();
  expectTypeOf<ChipWebhooks["create"]>().returns.resolves.toEqualTypeOf<ChipWebhook>();
  expectTypeOf<ChipWebhooks["delete"]>().returns.resolves.toBeVoid();
  expectTypeOf<ChipApi["companyKey"]>().returns.resolves.toBeString();
  expectTypeOf<Pick<ChipWebhook, "createdAt">>().toEqualTypeOf<{ readonly createdAt?: string }>();
  // @ts-expect-error webhooks are read-only
  expectTypeOf((webhook: ChipWebhook) => (webhook.title = "")).toBeFunction();
});

test("ensureWebhook needs a token, a callback and a choice, and its keys are what chip() takes", () => {
  type Needed = Pick<ChipApiOptions, "token"> & { callback: string };
  expectTypeOf<Needed & { allEvents: true }>().toExtend<EnsureWebhookOptions>();
  expectTypeOf<Needed>().not.toExtend<EnsureWebhookOptions>();
  expectTypeOf(ensureWebhook).returns.resolves.toEqualTypeOf<EnsuredWebhook>();
  expectTypeOf<EnsuredWebhook["keys"]>().toExtend<ChipOptions>();
  expectTypeOf<EnsuredWebhook["action"]>().toEqualTypeOf<"found" | "created" | "updated">();
  expectTypeOf(chip).parameter(0).toEqualTypeOf<ChipOptions>();
});

test("the platform's own fetch can be handed over", () => {
  expectTypeOf<typeof fetch>().toExtend<Fetch>();
});

test("an error says what was wrong, field by field", () => {
  expectTypeOf(ChipApiError).instance.toExtend<Error>();
  expectTypeOf<ChipApiError["status"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<ChipApiError["problems"][number]["field"]>().toBeString();
});

test("a mock platform emits CHIP's events, with overrides typed for the event", () => {
  expectTypeOf(createMockPlatform).returns.resolves.toEqualTypeOf<ChipMockPlatform>();
  expectTypeOf<Parameters<ChipMockPlatform["emit"]>[0]>().toEqualTypeOf<keyof ChipEvents>();
  expectTypeOf<MockWebhook>().toExtend<ChipWebhook>();
  const emitSome = (platform: ChipMockPlatform) => [
    platform.emit("purchase.paid", { payload: { purchase: { total: 1 } }, mode: "live" }),
    // @ts-expect-error a payout has no purchase
    platform.emit("payout.success", { payload: { purchase: { total: 1 } } }),
    // @ts-expect-error there is no third world
    platform.emit("purchase.paid", { mode: "sandbox" }),
  ];
  expectTypeOf(emitSome).toBeFunction();
});
