import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { createMockSender } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import { standardWebhooksMock } from "@hooklatch/mock-sender/standard-webhooks";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import type { StockEvents } from "../src/stock.ts";

/** What the platform sends, before the schemas of the app make something of it. */
interface SentParcels {
  readonly "parcel.sent": { readonly tracking: string; readonly weight_grams: number };
  readonly "parcel.delivered": { readonly tracking: string; readonly at: string };
}

const chip = createMockSender(chipMock());
const parcel = createMockSender(
  standardWebhooksMock<SentParcels>({
    name: "parcel",
    fixtures: {
      "parcel.sent": ({ sequence }) => ({ tracking: `P${sequence}`, weight_grams: 750 }),
      "parcel.delivered": ({ sequence }) => ({ tracking: `P${sequence}`, at: "2026-05-06T07:08:09Z" }),
    },
  }),
);
const stock = createMockSender(
  standardWebhooksMock<StockEvents>({
    name: "stock",
    fixtures: {
      "shelf.low": () => ({ article: "lamps", left: 2 }),
      "shelf.empty": () => ({ article: "rugs", since: "Monday" }),
    },
  }),
);

let child: ChildProcess | undefined;
let origin = "";
let seen: Record<"journal" | "alerts", readonly unknown[]> = { journal: [], alerts: [] };

beforeAll(async () => {
  const file = fileURLToPath(new URL("../src/server.ts", import.meta.url));
  const env = {
    ...process.env,
    CHIP_PUBLIC_KEY: chip.credentials.publicKey,
    PARCEL_SECRET: parcel.credentials.secret,
    STOCK_SECRET: stock.credentials.secret,
    PORT: "0",
  };
  const shop = spawn(process.execPath, [file], { env, stdio: ["ignore", "pipe", "inherit"] });
  child = shop;
  origin = await new Promise<string>((resolve, reject) => {
    let printed = "";
    shop.stdout.on("data", (bytes: Buffer) => {
      printed += String(bytes);
      const found = /on (http:\S+)\/\n/.exec(printed)?.[1];
      if (found !== undefined) resolve(found);
    });
    shop.once("close", () => reject(new Error(`The shop ended without listening:\n${printed}`)));
  });
});

afterAll(async () => {
  if (child === undefined || child.exitCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
});

/** What a page of the app lists. */
async function list(page: "journal" | "alerts"): Promise<readonly unknown[]> {
  const lines: unknown = await (await fetch(`${origin}/${page}`)).json();
  return lines as readonly unknown[]; // what the app's pages are made of
}

/** What was added to it since the test began. */
const added = async (page: "journal" | "alerts") => (await list(page)).slice(seen[page].length);

beforeEach(async () => {
  seen = { journal: await list("journal"), alerts: await list("alerts") };
});

it("runs the handlers of a type and of its prefix for one event, in order", async () => {
  const payload = { reference: "order-7", payment: { amount: 4200, currency: "MYR", fee_amount: 60 } };
  const result = await chip.send(`${origin}/webhooks/chip`, "purchase.paid", {
    payload: { ...payload, purchase: { total: 4200 } },
  });

  expect(result.outcome).toBe("handled");
  expect(await added("journal")).toEqual([
    "chip purchase.paid #1: booked 4200 MYR for order-7",
    "chip purchase.paid #1: 60 of it is the fee",
  ]);
});

it("finds the payload of a union by its type", async () => {
  const url = `${origin}/webhooks/chip`;
  await chip.send(url, "purchase.hold", { payload: { reference: "order-8" } });
  await chip.send(url, "purchase.subscription_charge_failure", { payload: { billing_template_id: "plan-1" } });

  expect(await added("journal")).toEqual([
    "chip purchase.hold #1: order-8 is hold",
    "chip purchase.subscription_charge_failure #1: could not renew plan-1",
  ]);
});

it("gives events of every type to the handler of everything, also types that nobody knows", async () => {
  const url = `${origin}/webhooks/chip`;
  await chip.send(url, "payout.failed", { payload: { reference: "rent" } });
  const unknown = await chip.send(url, "payout.failed", { payload: { event_type: "payout.lost" } });

  expect(unknown.outcome).toBe("handled");
  expect(await added("journal")).toEqual(["chip payout.failed #1: payout rent is error"]);
});

it("runs no handler for a payload that fails its schema, and wakes the developers", async () => {
  const url = `${origin}/webhooks/chip`;
  const good = await chip.send(url, "payment.charged_back", { payload: { payment: { amount: 5, currency: "MYR" } } });
  const bad = await chip.send(url, "payment.charged_back", { payload: { payment: { amount: -5 } } });

  expect(good.outcome).toBe("handled");
  expect(bad).toMatchObject({ status: 500, outcome: "invalid", code: "ERR_PAYLOAD_INVALID" });
  expect(await added("journal")).toEqual(["chip payment.charged_back #1: 5 MYR were taken back"]);
  expect(await added("alerts")).toEqual([
    expect.stringMatching(/^developers: chip payment\.charged_back: .* fails the schema .* at payment\.amount\.$/),
  ]);
});

it("gives an event whose handler throws another attempt, and wakes the developers each time", async () => {
  const payload = { payment: { amount: 2 }, purchase: { total: 1 } };
  const results = await chip.duplicate(`${origin}/webhooks/chip`, "purchase.paid", { payload });

  expect(results.map(({ outcome }) => outcome)).toEqual(["failed", "failed"]);
  expect(await added("alerts")).toEqual([
    "developers: chip purchase.paid: The handler book-payment failed on attempt 1. More was paid than was owed.",
    "developers: chip purchase.paid: The handler book-payment failed on attempt 2. More was paid than was owed.",
  ]);
});

it("wakes nobody for a delivery that somebody else signed", async () => {
  const result = await stock.send(`${origin}/webhooks/stock`, "shelf.low", { fault: "wrongKey" });

  expect(result.outcome).toBe("rejected");
  expect(await added("alerts")).toEqual([]);
});

it("hands on what the schemas of an own platform make of a payload", async () => {
  const url = `${origin}/webhooks/parcel`;
  await parcel.send(url, "parcel.sent", { payload: { tracking: "P7" } });
  await parcel.send(url, "parcel.delivered", { payload: { tracking: "P7" } });
  const bad = await parcel.send(url, "parcel.delivered", { payload: { at: "yesterday" } });

  expect(bad.code).toBe("ERR_PAYLOAD_INVALID");
  expect(await added("journal")).toEqual([
    "parcel parcel.sent #1: P7 weighs 750 g",
    "parcel parcel.sent #1: about P7",
    "parcel parcel.delivered #1: was there in 2026",
    "parcel parcel.delivered #1: about P7",
  ]);
});

it("tells the events of an own platform apart without schemas", async () => {
  await stock.send(`${origin}/webhooks/stock`, "shelf.low");
  await stock.send(`${origin}/webhooks/stock`, "shelf.empty");

  expect(await added("journal")).toEqual([
    "stock shelf.low #1: 2 of lamps are left",
    "stock shelf.empty #1: no rugs since Monday",
  ]);
});
