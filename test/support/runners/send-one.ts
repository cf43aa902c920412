import { createServer } from "node:http";

import { createReceiver } from "@hooklatch/core";
import { readNodeRequest, writeNodeReply } from "@hooklatch/core/node";
import { createMockSender } from "@hooklatch/mock-sender";
import type { SendResult } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";

/** What a test of somebody's app does, for every test runner: one event to a receiver, and the same one over HTTP. */
export async function sendOne(): Promise<readonly SendResult[]> {
  const sender = createMockSender(chipMock());
  const payments = createReceiver({ provider: sender.provider });
  payments.on("purchase.paid", () => undefined);
  const server = createServer((request, response) => {
    void payments.receive(readNodeRequest(request)).then(({ reply }) => writeNodeReply(request, response, reply));
  });
  const request = await sender.build("purchase.paid", { payload: { reference: "order-7" } });
  return [await sender.deliver(payments, request), await sender.deliver(server, request)];
}
