import { createReceiver } from "@hooklatch/core";
import { expect, it } from "vitest";

import { createMockSender } from "../mock-sender.ts";
import { githubMock } from "./github-mock.ts";

it("writes JSON as it is, or into the one field of a form", async () => {
  const json = await createMockSender(githubMock()).build("star.created");
  expect(json.headers["content-type"]).toBe("application/json");
  const form = await createMockSender(githubMock({ contentType: "form" })).build("issue_comment.created");
  expect(form.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  const fields = new URLSearchParams(Buffer.from(form.body).toString("utf8"));
  expect([...fields.keys()]).toEqual(["payload"]);
  expect(JSON.parse(fields.get("payload") ?? "")).toMatchObject({
    action: "created",
    comment: { body: "Mine too ✨" },
  });
});

it("has a form read as the same event, padded or not", async () => {
  const sender = createMockSender(githubMock({ contentType: "form" }));
  const receiver = createReceiver({ provider: sender.provider, onOutcome: () => undefined });
  const bodies: unknown[] = [];
  receiver.on("issue_comment.created", ({ payload }) => void bodies.push(payload.comment.body));
  await sender.send(receiver, "issue_comment.created");
  await sender.send(receiver, "issue_comment.created", { bodyBytes: 20_000 });
  expect(bodies).toEqual(["Mine too ✨", "Mine too ✨"]);
});

it("puts what is not signed into headers and not into the body", async () => {
  const { headers, body } = await createMockSender(githubMock()).build("push", {
    payload: { unsigned: { deliveryId: "d-1", hookId: undefined } },
  });
  expect(headers).toMatchObject({ "x-github-event": "push", "x-github-delivery": "d-1" });
  expect(headers).not.toHaveProperty("x-github-hook-id");
  expect(JSON.parse(Buffer.from(body).toString("utf8"))).not.toHaveProperty("unsigned");
});
