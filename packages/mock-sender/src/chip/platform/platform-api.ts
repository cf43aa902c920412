import type { ChipMode, WebhookBook, WebhookEntry } from "./webhook-book.ts";
import { readWebhookFields } from "./webhook-fields.ts";
import type { FieldsRead, WebhookFields } from "./webhook-fields.ts";

/** One request to the API. */
interface ApiCall {
  readonly method: string;
  /** The full address. */
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What the API answers. */
export interface ApiReply {
  readonly status: number;
  /** Written as JSON; `undefined`: no body. */
  readonly body?: unknown;
}

/** What the API works on. */
export interface ApiParts {
  readonly book: WebhookBook;
  readonly tokens: Readonly<Record<ChipMode, string>>;
  readonly pageSize: number;
}

/** CHIP's API as far as it is about webhooks: a call in, a reply out. */
export type PlatformApi = (call: ApiCall) => ApiReply;

/** Makes the API of CHIP Collect's webhooks and public key, under the path `/api/v1`. */
export function createPlatformApi(parts: ApiParts): PlatformApi {
  return (call) => {
    const mode = modeOf(call.authorization, parts.tokens);
    if (mode === undefined) return { status: 401, body: { detail: "The secret key is missing or not known." } };
    const { pathname } = new URL(call.url);
    if (pathname === "/api/v1/public_key/") return onPublicKey(call, parts.book, mode);
    if (pathname === "/api/v1/webhooks/") return onWebhooks(call, parts, mode);
    const id = /^\/api\/v1\/webhooks\/([^/]+)\/$/.exec(pathname)?.[1];
    const entry = id === undefined ? undefined : parts.book.find(mode, id);
    return entry === undefined ? { status: 404, body: { detail: "Not found." } } : onWebhook(call, parts.book, entry);
  };
}

function modeOf(authorization: string | undefined, tokens: ApiParts["tokens"]): ChipMode | undefined {
  if (authorization === `Bearer ${tokens.test}`) return "test";
  return authorization === `Bearer ${tokens.live}` ? "live" : undefined;
}

function onPublicKey({ method }: ApiCall, book: WebhookBook, mode: ChipMode): ApiReply {
  return method === "GET" ? { status: 200, body: book.company(mode).credentials.publicKey } : notAllowed;
}

function onWebhooks({ method, url, body }: ApiCall, { book, pageSize }: ApiParts, mode: ChipMode): ApiReply {
  if (method === "GET") return { status: 200, body: toPage(book.list(mode), new URL(url), pageSize) };
  if (method !== "POST") return notAllowed;
  return write(readBody(body), 201, (fields) => book.add(mode, fields));
}

function onWebhook({ method, body }: ApiCall, book: WebhookBook, entry: WebhookEntry): ApiReply {
  switch (method) {
    case "GET":
      return { status: 200, body: toWire(entry) };
    case "PUT":
      return write(readBody(body), 200, (fields) => book.change(entry, fields));
    case "PATCH":
      return write(readBody(body, changeable(entry.fields)), 200, (fields) => book.change(entry, fields));
    case "DELETE":
      book.remove(entry);
      return { status: 204 };
    default:
      return notAllowed;
  }
}

const notAllowed: ApiReply = { status: 405, body: { detail: "The method is not allowed." } };

/** A webhook of all events has no list of its own: one that stops to have all needs a new list. */
function changeable({ events, ...others }: WebhookFields): Partial<WebhookFields> {
  return others.all_events ? others : { ...others, events };
}

function readBody(text: string, base?: Partial<WebhookFields>): FieldsRead {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return readWebhookFields(body, base);
}

function write(read: FieldsRead, status: number, save: (fields: WebhookFields) => WebhookEntry): ApiReply {
  return "errors" in read ? { status: 400, body: read.errors } : { status, body: toWire(save(read.fields)) };
}

function toWire({ id, signer, createdOn, updatedOn, fields }: WebhookEntry) {
  return {
    type: "webhook",
    id,
    created_on: createdOn,
    updated_on: updatedOn,
    title: fields.title,
    all_events: fields.all_events,
    public_key: signer.credentials.publicKey,
    events: fields.events,
    callback: fields.callback,
  };
}

function toPage(entries: readonly WebhookEntry[], url: URL, pageSize: number) {
  const start = readCursor(url.searchParams.get("cursor"));
  const linkTo = (offset: number) => `${url.origin}${url.pathname}?cursor=${writeCursor(offset)}`;
  return {
    results: entries.slice(start, start + pageSize).map(toWire),
    next: start + pageSize < entries.length ? linkTo(start + pageSize) : null,
    previous: start > 0 ? linkTo(Math.max(0, start - pageSize)) : null,
  };
}

/** In a form that nobody is tempted to count up: CHIP's own is not documented. */
function writeCursor(offset: number): string {
  return Buffer.from(`from ${offset}`).toString("base64url");
}

function readCursor(cursor: string | null): number {
  return Number(/^from (\d+)$/.exec(Buffer.from(cursor ?? "", "base64url").toString())?.[1] ?? 0);
}
