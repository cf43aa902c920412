import { createPublicKey, verify } from "node:crypto";

import { createReceiver, toIncomingDelivery } from "@hooklatch/core";
import type { Provider } from "@hooklatch/core";
import { createMockSender } from "@hooklatch/mock-sender";
import type { BuiltRequest } from "@hooklatch/mock-sender";
import { chipMock } from "@hooklatch/mock-sender/chip";
import type { ChipEvents } from "@hooklatch/providers/chip";

import { receiveAll } from "./deliveries.ts";
import { measure, median, speedOf } from "./measure.ts";
import type { Contender } from "./measure.ts";
import { perDelivery, ratioRow } from "./row.ts";
import type { Row } from "./row.ts";

const perRound = 200;

type Requests = readonly BuiltRequest[];

/** The whole of `receive()` for CHIP with RSA-2048 and 3 KiB, against the bare floor. */
export async function benchChip(): Promise<readonly Row[]> {
  const sender = createMockSender(chipMock());
  const build = (): Promise<BuiltRequest> =>
    sender.build("purchase.created", { payload: { purchase: { products: [] } }, bodyBytes: 3 * 1024 });
  const share = (): Promise<Requests> => Promise.all(Array.from({ length: perRound }, build));

  const timings = await measure([floor(sender.credentials.publicKey), receive(sender.provider)], {
    share,
    rounds: 20,
    warmUp: 20,
  });
  const time = (name: string): string => perDelivery(median(timings.get(name) ?? []), perRound);
  const measured = `${time("receive")} vs ${time("floor")}`;
  return [
    ratioRow("receive(), CHIP RSA-2048 3 KiB, vs bare floor", measured, speedOf(timings, "receive", "floor"), 0.85),
  ];
}

function floor(pem: string): Contender<Requests> {
  const key = createPublicKey(pem);
  return {
    name: "floor",
    prepare(requests) {
      const signed = requests.map(({ body, headers }) => ({
        body: Buffer.from(body.buffer, body.byteOffset, body.byteLength),
        signature: headers["x-signature"] ?? "",
      }));
      return () => {
        for (const { body, signature } of signed) {
          const isGood = verify("sha256", body, key, Buffer.from(signature, "base64"));
          if (!isGood) throw new Error("The floor found a forgery.");
          JSON.parse(body.toString());
        }
      };
    },
  };
}

function receive(provider: Provider<ChipEvents>): Contender<Requests> {
  const receiver = createReceiver({ provider }).on("purchase.created", async () => {});
  return {
    name: "receive",
    prepare(requests) {
      const deliveries = requests.map((request) => toIncomingDelivery(request));
      return () => receiveAll(receiver, deliveries);
    },
  };
}
