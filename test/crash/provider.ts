import { createHmac } from "node:crypto";

import type { Provider } from "@hooklatch/core";
import { hmac } from "@hooklatch/core/schemes";

/** What an event tells its handler to do. */
export interface Chore {
  readonly id: string;
  readonly type: "chore.due";
  /** How long to wait before the effect is written, and after it. */
  readonly beforeMs: number;
  readonly afterMs: number;
  /** In which attempts to fail, after the effect. */
  readonly failsIn: readonly number[];
}

/** The platform of the crash tests. */
export function crashProvider(secret: string): Provider<{ "chore.due": Chore }> {
  return {
    name: "crash",
    scheme: hmac({ header: "x-crash-signature", encoding: "hex", secrets: secret }),
    body: "json",
    maxBodyBytes: 10_000,
    retryHorizonMs: 86_400_000,
    describe: (body) => ({ id: body["id"], type: body["type"], payload: body }),
  };
}

/** Sends an event once, as the platform does. Answers the status, or `undefined` where nothing came back. */
export async function deliver(port: number, chore: Chore, secret: string): Promise<number | undefined> {
  const body = JSON.stringify(chore);
  try {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-crash-signature": createHmac("sha256", secret).update(body).digest("hex"),
        connection: "close",
      },
      body,
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return undefined; // the worker died
  }
}
