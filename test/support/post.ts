import { Agent, request } from "node:http";
import type { OutgoingHttpHeaders } from "node:http";

/** An answer over HTTP. */
export interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** What to send. A header with a list goes out as several header lines. */
export interface Post {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
}

const agent = new Agent({ keepAlive: true });

/** Sends a request over a connection that is kept for the next one. */
export function post(url: string, { method = "POST", headers = {}, body = "" }: Post): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = "transfer-encoding" in headers ? {} : { "content-length": Buffer.byteLength(body) };
    const sent = request(url, { agent, method, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk)).on("error", reject);
      response.on("end", () => {
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    sent.on("error", reject).end(body);
  });
}
