import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

import type { Clock } from "@hooklatch/core";

/** What was lent to a customer. */
interface Lent {
  readonly secretKey: string;
  readonly sessionToken: string;
  readonly untilMs: number;
}

/** Lends temporary credentials for an access token. */
export class CredentialsDesk {
  readonly accessToken = `mock-access-${randomBytes(12).toString("hex")}`;
  /** How often it was asked. */
  asked = 0;
  /** What it answers instead: the status, as often as it says. */
  fault: { status: number; times: number } = { status: 503, times: 0 };
  isRevoked = false;
  readonly #clock: Clock;
  readonly #lifetimeMs: number;
  readonly #lent = new Map<string, Lent>();

  constructor(clock: Clock, lifetimeMs: number) {
    this.#clock = clock;
    this.#lifetimeMs = lifetimeMs;
  }

  /** What was lent under an access key, as long as it is good. */
  find(accessKey: string): Lent | undefined {
    const lent = this.#lent.get(accessKey);
    return lent !== undefined && this.#clock.nowMs() < lent.untilMs ? lent : undefined;
  }

  /** From now on nothing that was lent before is good. */
  expireAll(): void {
    this.#lent.clear();
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { status, body } = this.#reply(request);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  }

  #reply({ method, url, headers }: IncomingMessage): { readonly status: number; readonly body: object } {
    if (method !== "GET" || url !== "/iot/keys") return { status: 404, body: { message: "Not Found" } };
    this.asked++;
    if (this.fault.times > 0) {
      this.fault.times--;
      return { status: this.fault.status, body: { message: "The desk is closed." } };
    }
    if (this.isRevoked || headers.authorization !== `Bearer ${this.accessToken}`) {
      return { status: 401, body: { message: "Unauthorized" } };
    }
    return { status: 200, body: this.#lend() };
  }

  #lend(): object {
    const accessKey = `ASIA${randomBytes(8).toString("hex").toUpperCase()}`;
    const secretKey = randomBytes(30).toString("base64");
    // Characters that a query must escape, as the real ones have.
    const sessionToken = `${randomBytes(60).toString("base64")}+/=`;
    this.#lent.set(accessKey, { secretKey, sessionToken, untilMs: this.#clock.nowMs() + this.#lifetimeMs });
    return { accessKey, secretKey, sessionToken, region: "eu-west-1", iotEndpoint: "mock.iot.invalid" };
  }
}
