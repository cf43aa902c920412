import type { ApiRequest, SendRequest } from "./api-request.ts";
import { ChipApiError } from "./chip-api-error.ts";
import { readWebhook } from "./chip-webhook.ts";
import type { ChipWebhook } from "./chip-webhook.ts";

/** Far more than anybody has; a chain of pages that does not end is a fault. */
const maxPages = 100;

const first = { method: "GET", path: "/webhooks/" } as const satisfies ApiRequest;

/**
 * Reads all pages. How CHIP writes the address of the next page is not documented, so it is followed as it is, but only
 * to where the token may go.
 */
export async function listWebhooks(send: SendRequest, baseUrl: string): Promise<readonly ChipWebhook[]> {
  const webhooks = new Map<string, ChipWebhook>();
  const seen = new Set<string>();
  let url: string | undefined = `${baseUrl}${first.path}`;
  while (url !== undefined) {
    if (seen.size === maxPages) throw wrong(`did not come to an end within ${maxPages} pages.`);
    if (seen.has(url)) throw wrong("led back to a page that was read already.");
    seen.add(url);
    const { results, next } = readPage((await send({ ...first, url })).value);
    // By id: while pages are read, a new webhook moves the others on.
    for (const webhook of results) webhooks.set(webhook.id, webhook);
    url = next === undefined ? undefined : resolveNext(next, url);
  }
  return [...webhooks.values()];
}

function readPage(page: unknown): { readonly results: readonly ChipWebhook[]; readonly next: string | undefined } {
  const { results, next }: { readonly results?: unknown; readonly next?: unknown } =
    typeof page === "object" && page !== null ? page : {};
  if (!Array.isArray(results)) throw wrong("was answered with no list of webhooks. Check baseUrl.");
  const webhooks = results.map((result: unknown, index) => {
    const webhook = readWebhook(result);
    if (webhook === undefined) throw wrong(`was answered with something else than a webhook as results[${index}].`);
    return webhook;
  });
  return { results: webhooks, next: typeof next === "string" && next !== "" ? next : undefined };
}

/** The token goes with every request: never to another host, nor in clear text to the same one. */
function resolveNext(next: string, current: string): string {
  const url = URL.parse(next, current);
  // What an API behind a proxy that ends TLS may write of itself.
  if (url?.protocol === "http:" && current.startsWith("https:")) url.protocol = "https:";
  if (url === null || url.origin !== new URL(current).origin || url.username !== "" || url.password !== "") {
    throw wrong("names a next page on another origin, which is not followed.");
  }
  url.hash = "";
  return url.href;
}

function wrong(message: string): ChipApiError {
  return new ChipApiError(`${first.method} ${first.path}`, message, { status: 200 });
}
