import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { memoryStore } from "@hooklatch/core";
import { describe, expect, test } from "vitest";

import { hosts } from "../support/hosts.ts";
import { post } from "../support/post.ts";
import { createProbe } from "../support/probe.ts";
import { requestHead, sendRaw } from "../support/raw-http.ts";
import type { HeaderLine } from "../support/raw-http.ts";
import { acme, chipSigner, signers } from "../support/signing.ts";
import { start } from "../support/start.ts";
import { failOnUnhandled } from "../support/unhandled.ts";

failOnUnhandled();

describe.each(hosts)("$name", (host) => {
  test.each(signers)(
    "15b: $name: a forged request with a victim's event id does not get in the genuine one's way",
    async (signer) => {
      const { receiver, events, reports } = createProbe(signer.provider);
      const { url } = await start(host, receiver);
      const genuine = signer.event({ id: "order-1" });
      const otherSignature = { [signer.signatureHeader]: signer.event().headers[signer.signatureHeader] };

      const forged = { headers: { ...genuine.headers, ...otherSignature }, body: genuine.body };
      expect((await post(url, forged)).status).toBe(401);
      expect(reports).toMatchObject([{ eventId: undefined, attempt: undefined }]);

      expect(await post(url, genuine)).toMatchObject({ status: 200, text: '{"outcome":"handled"}' });
      expect(reports[1]).toMatchObject({ attempt: 1, conflict: false });
      expect(events).toHaveLength(1);
    },
  );

  test.each(signers)("16: $name: a captured request keeps its id, however its headers are written", async (signer) => {
    const { receiver, events } = createProbe(signer.provider);
    const { url, port } = await start(host, receiver);
    const captured = signer.event();
    const { headers, body } = captured;
    const lines: readonly HeaderLine[] = [...Object.entries(headers), ["content-length", String(body.length)]];
    const signature = headers[signer.signatureHeader] ?? "";
    await post(url, captured);

    const replays: readonly string[] = [
      requestHead(lines.toReversed()),
      requestHead(lines.map(([name, value]) => [name.toUpperCase(), value])),
      requestHead(lines.map(([name, value]) => [name, `  ${value}\t `])),
      requestHead(lines, { path: "/hook?id=another&event_id=another" }),
      requestHead([...lines, ["x-event-id", "another"], ["idempotency-key", "another"], ["webhook-id", "another"]]),
      requestHead([...lines, ["x-acme-id-2", "another"], ["x_acme_id", "another"]]),
      requestHead(
        lines.map(([name, value]) => [name, name === "content-type" ? "Application/JSON ; charset=UTF-8" : value]),
      ),
    ];
    for (const head of replays) {
      expect(await sendRaw(port, head, body)).toMatchObject({ status: 200, text: '{"outcome":"duplicate"}' });
    }

    for (const changed of [
      `${signature}=`,
      `${signature} `.repeat(2),
      signature.replace("=", "%3D"),
      ...respelled(signature),
    ]) {
      const { status } = await post(url, { headers: { ...headers, [signer.signatureHeader]: changed }, body });
      expect([401, 200]).toContain(status);
      if (status === 200) expect(changed).toBe(signature);
    }
    expect(events).toHaveLength(1);
  });

  test("18: the same id on two endpoints runs on both, and no names can be joined so that two ids become one", async () => {
    const store = memoryStore();
    const pairs = [
      ["a", "b"], ["c", "b"], ["a", "b=c"], ["a=b", "c"], ["a:b", "c"], ["a", "b:c"], ["a4:b", "c"], ["1:a", "b"], ["a1", "b"], ["a", "1=b"], ["a#", "b"], ["a", "#b"],
    ] as const; // prettier-ignore
    for (const [endpoint, id] of pairs) {
      const { receiver, reports } = createProbe(acme.provider, { store, endpoint });
      const { url } = await start(host, receiver);
      await post(url, acme.event({ id }));
      await post(url, acme.event({ id }));
      expect(
        reports.map(({ outcome }) => outcome),
        `${endpoint} ${id}`,
      ).toEqual(["handled", "duplicate"]);
    }
  });

  test("18: two events of one object both run, and so do two of one type", async () => {
    const { receiver, events } = createProbe(chipSigner.provider);
    const { url } = await start(host, receiver);
    const event = { id: "purchase-1", type: "purchase", event_type: "purchase.paid", updated_on: 1_790_000_000 };
    const all = [
      event,
      { ...event, event_type: "purchase.settled" },
      { ...event, updated_on: 1_790_000_001 },
      { ...event, id: "purchase-1/purchase.paid" },
      { ...event, id: "purchase-1/purchase.paid/1790000000", event_type: "x" },
    ];
    for (const body of [...all, ...all])
      expect((await post(url, chipSigner.sign(JSON.stringify(body)))).status).toBe(200);
    expect(events).toHaveLength(all.length);
    expect(new Set(events.map(({ id }) => id)).size).toBe(all.length);
  });

  test("18: of two bodies under one id the first is kept, and the operator is told", async () => {
    const { receiver, events, reports } = createProbe(acme.provider);
    const { url } = await start(host, receiver);
    await post(url, acme.sign('{"type":"order.paid","amount":1}', { id: "1" }));
    expect((await post(url, acme.sign('{"type":"order.paid","amount":2}', { id: "1" }))).text).toContain("duplicate");
    expect(events.map(({ payload }) => payload)).toEqual([{ type: "order.paid", amount: 1 }]);
    expect(reports.map(({ conflict }) => conflict)).toEqual([false, true]);
  });

  test("19: a signed time that is no time, or not about now, is refused", async () => {
    const { receiver, events } = createProbe(acme.provider);
    const { url } = await start(host, receiver);
    const now = Math.floor(Date.now() / 1000);
    const times = [
      "NaN", "Infinity", "-1", `-${now}`, "0", String(now * 1000), "1e308", "1e9", `${now}zzz`, `${now}.5`, `${now}.`,
      `+${now}`, `0x${now.toString(16)}`, "1_790_000_000", `${now},${now}`, "9".repeat(15), "9".repeat(400), "null",
      new Date().toISOString(), String(now + 31_536_000), String(now - 31_536_000), String(now + 310), String(now - 310),
    ]; // prettier-ignore
    for (const time of times) {
      const { status, text } = await post(url, acme.sign('{"type":"a"}', { time }));
      expect({ time, status }).toEqual({ time, status: 401 });
      expect(text).toMatch(/ERR_(TIMESTAMP|SIGNATURE)_/);
    }
    expect((await post(url, acme.sign('{"type":"a"}', { time: "" }))).status).toBe(401);
    expect(events).toEqual([]);
    for (const time of [now + 290, now - 290]) {
      expect((await post(url, acme.sign('{"type":"a"}', { time: String(time) }))).status).toBe(200);
    }
  });

  test("19: a replay after the tolerance is refused, and until then the id is remembered", async () => {
    const { receiver, reports } = createProbe({ ...acme.provider, retryHorizonMs: 1 }, { keepMs: 600_000 });
    const { url } = await start(host, receiver);
    const event = acme.event();
    await post(url, event);
    await post(url, event);
    expect(reports.map(({ outcome }) => outcome)).toEqual(["handled", "duplicate"]);
    expect(() => createProbe(acme.provider, { keepMs: 599_999 })).toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
  });
});

test.each([
  '{"id":"purchase-1","type":"purchase","event_type":"purchase.paid","updated_on":1790000000}',
  '{"id":"\u00fcn\u0131/1","type":"purchase","status":"paid","updated_on":1}',
])("17: %s has the same id in another process, on another day, in another time zone and locale", async (body) => {
  const { receiver, events } = createProbe(chipSigner.provider);
  const [host = expect.unreachable()] = hosts;
  const { url } = await start(host, receiver);
  await post(url, chipSigner.sign(body));

  const script = new URL("../support/event-id.ts", import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, body], {
    env: { PATH: process.env["PATH"], TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8" },
  });
  expect(stdout).toBe(events[0]?.id);
});

/** Other texts that a lenient decoder takes for the same signature. */
function respelled(signature: string): readonly string[] {
  return [
    signature.toUpperCase(),
    signature.replaceAll("+", "-").replaceAll("/", "_"),
    signature.replace(/=+$/, ""),
    `${signature.slice(0, 20)} ${signature.slice(20)}`,
    `${signature.slice(0, 20)}\t${signature.slice(20)}`,
    ` ${signature}`.trimStart() + "%",
    `${signature}\u00a0`,
    ...["B", "C", "D", "A"].map((last) => signature.replace(/.(=+)$/, `${last}$1`)),
  ];
}
