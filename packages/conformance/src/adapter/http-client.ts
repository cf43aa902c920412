import { Agent, request } from "node:http";
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The port of this side, which tells connections apart. */
  readonly localPort: number | undefined;
}

/** What to send. A header with a list goes out as several header lines. */
export interface Sending {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: Uint8Array;
  /** Default: a connection of its own. */
  readonly agent?: Agent;
  /** Sends the body in chunks, without a declared length. */
  readonly isChunked?: boolean;
}

/** Sends one request. */
export function send(url: string, sending: Sending): Promise<Answer> {
  const { method = "POST", headers = {}, body = new Uint8Array(), isChunked = false, agent = new Agent() } = sending;
  return new Promise((resolve, reject) => {
    const framing = isChunked ? { "transfer-encoding": "chunked" } : { "content-length": body.length };
    const sent = request(url, { agent, method, headers: { ...framing, ...headers } }, (response) => {
      const { localPort } = response.socket;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString("utf8");
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, localPort });
      });
    });
    sent.on("error", reject).end(body);
  });
}
