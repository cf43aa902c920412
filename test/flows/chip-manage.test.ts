import { ChipApiError, createChipApi, ensureWebhook } from "@hooklatch/providers/chip/manage";
import { describe, expect, test } from "vitest";

import { startApp, startPlatform, startPlatformAndApp } from "../support/chip-platform.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

describe("ensureWebhook", () => {
  test("registers a webhook whose keys prove what the platform delivers to it", async () => {
    const platform = await startPlatform();
    const app = await startApp(platform);
    const options = {
      token: platform.tokens.test,
      baseUrl: platform.url,
      callback: app.url,
      events: ["purchase.paid", "payment.refunded"],
    } as const;
    const first = await ensureWebhook(options);
    const second = await ensureWebhook(options);
    expect([first.action, second.action]).toEqual(["created", "found"]);
    expect(second.webhook).toEqual(first.webhook);

    const seen: string[] = [];
    app.receive(second.keys, ({ id }) => seen.push(id));
    const { deliveries } = await platform.emit("purchase.paid", { payload: { reference: "order-7" } });
    expect(deliveries).toMatchObject([{ attempt: 1, status: 200, outcome: "handled", webhookId: first.webhook.id }]);
    expect(seen).toEqual([deliveries[0]?.eventId]);
    expect((await platform.emit("purchase.viewed")).deliveries).toEqual([]);
  });

  test("changes the events, and the platform delivers accordingly", async () => {
    const { platform, app, access } = await startPlatformAndApp(() => undefined);
    const changed = await ensureWebhook({ ...access, callback: app.url, events: ["payout.success"] });
    expect(changed).toMatchObject({ action: "updated", webhook: { allEvents: false, events: ["payout.success"] } });
    expect((await platform.emit("purchase.paid")).deliveries).toEqual([]);
    expect((await platform.emit("payout.success")).deliveries).toHaveLength(1);
  });

  test("makes one webhook though the answer to its POST is lost", async () => {
    const platform = await startPlatform();
    let lost = 0;
    const { action } = await ensureWebhook({
      token: platform.tokens.test,
      baseUrl: platform.url,
      callback: "https://shop.example/hook",
      allEvents: true,
      async fetch(url, request) {
        const answer = await fetch(url, request);
        if (request.method !== "POST" || lost > 0) return answer;
        lost += 1;
        await answer.body?.cancel();
        throw new TypeError("fetch failed");
      },
    });
    expect([action, lost, platform.webhooks.length]).toEqual(["found", 1, 1]);
  });

  test("keeps test and live apart, keys and deliveries too", async () => {
    const platform = await startPlatform();
    const app = await startApp(platform);
    const rest = { baseUrl: platform.url, callback: app.url, allEvents: true } as const;
    const testWebhook = await ensureWebhook({ token: platform.tokens.test, ...rest });
    const liveWebhook = await ensureWebhook({ token: platform.tokens.live, ...rest });
    expect(liveWebhook).toMatchObject({ action: "created", others: [] });
    expect(liveWebhook.keys).not.toEqual(testWebhook.keys);
    expect(platform.webhooks.map(({ mode }) => mode)).toEqual(["test", "live"]);

    app.receive(liveWebhook.keys, () => undefined);
    const live = await platform.emit("purchase.paid", { mode: "live" });
    expect(live.deliveries.map(({ outcome }) => outcome)).toEqual(["handled"]);
    const { deliveries } = await platform.emit("purchase.paid");
    expect(deliveries).toMatchObject([{ status: 401, code: "ERR_SIGNATURE_MISMATCH" }]);
  });
});

describe("createChipApi", () => {
  test("makes, shows, changes, replaces and deletes a webhook", async () => {
    const platform = await startPlatform();
    const { webhooks } = createChipApi({ token: platform.tokens.test, baseUrl: platform.url });
    const input = { title: "Shop", callback: "https://shop.example/hook", events: ["purchase.paid"] } as const;
    const made = await webhooks.create(input);
    expect(made).toMatchObject(input);
    expect(await webhooks.retrieve(made.id)).toEqual(made);
    expect(await webhooks.update(made.id, { allEvents: true })).toMatchObject({ title: "Shop", allEvents: true });
    expect(await webhooks.replace(made.id, { ...input, title: "New" })).toMatchObject({
      title: "New",
      allEvents: false,
    });
    expect(await webhooks.list()).toMatchObject([{ id: made.id, title: "New" }]);
    await webhooks.delete(made.id);
    await expect(webhooks.retrieve(made.id)).rejects.toThrow(
      `GET /webhooks/${made.id}/ was refused with 404. CHIP says: "Not found.". No webhook of this key has this id`,
    );
  });

  test("reads every page of the list", async () => {
    const platform = await startPlatform({ pageSize: 2 });
    const { webhooks } = createChipApi({ token: platform.tokens.test, baseUrl: platform.url });
    const titles = ["a", "b", "c"];
    for (const title of titles) await webhooks.create({ title, callback: "https://shop.example", allEvents: true });
    expect((await webhooks.list()).map(({ title }) => title)).toEqual(titles);
  });

  test("says what to check when the token is wrong", async () => {
    const platform = await startPlatform();
    const { webhooks } = createChipApi({ token: "sk_of_somebody_else", baseUrl: platform.url });
    const error = await webhooks.list().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ChipApiError);
    expect(String(error)).toBe(
      'ChipApiError: CHIP\'s API: GET /webhooks/ was refused with 401. CHIP says: "The secret key is missing or not known.". ' +
        "Check token: it is a secret key from Developers, API keys; keys for test and for live differ.",
    );
  });

  test.each([
    [{ title: "t".repeat(101) }, 'title: "At most 100 characters." (max_length)'],
    [
      { callback: "nowhere", events: [] },
      'callback: "Enter a valid URL." (invalid); events: "Name at least one event."',
    ],
    [{ events: undefined }, '"Either events or all_events is needed." (required)'],
  ])("tells field, message and code of what the platform refuses: %o", async (spoiled, text) => {
    const platform = await startPlatform();
    const { webhooks } = createChipApi({
      token: platform.tokens.test,
      baseUrl: platform.url,
      // What is checked before it is sent is spoiled after that, or it would never arrive.
      fetch: (url, { body = "{}", ...request }) =>
        fetch(url, { ...request, body: JSON.stringify({ ...JSON.parse(body), ...spoiled }) }),
    });
    const making = webhooks.create({ title: "Shop", callback: "https://shop.example", events: ["purchase.paid"] });
    await expect(making).rejects.toThrow(`POST /webhooks/ was refused with 400. CHIP says: ${text}`);
  });

  test("fetches the company's key, which proves success callbacks and no webhook", async () => {
    const platform = await startPlatform();
    const app = await startApp(platform);
    const access = { token: platform.tokens.test, baseUrl: platform.url };
    const key = await createChipApi(access).companyKey();
    app.receive({ companyKey: access }, () => undefined);
    const payload = { success_callback: app.url };
    const { deliveries } = await platform.emit("purchase.paid", { payload });
    expect(deliveries).toMatchObject([{ outcome: "handled", webhookId: undefined, callback: app.url }]);
    expect((await platform.emit("purchase.created", { payload })).deliveries).toEqual([]);

    const { keys } = await ensureWebhook({ ...access, callback: app.url, allEvents: true });
    expect(keys.publicKey).not.toContain(key);
    const [byWebhook, byCallback] = (await platform.emit("purchase.paid", { payload })).deliveries;
    expect([byWebhook?.status, byCallback?.status]).toEqual([401, 200]);
  });
});
