import { toIncomingDelivery } from "@hooklatch/core";
import type { IncomingBody, IncomingDelivery } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";

import type { LambdaEvent, LambdaEventV1, LambdaEventV2 } from "./lambda-event.ts";

/**
 * Makes a delivery of an event.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` for an event of another kind
 */
export function readLambdaEvent(event: LambdaEvent): IncomingDelivery {
  const head = readHead(event);
  return { ...head, body: readBody(event, head) };
}

const noBody = new Uint8Array();

function readHead(event: LambdaEvent): IncomingDelivery {
  if (isVersion2(event)) {
    const { method, sourceIp: remoteAddress } = event.requestContext.http;
    const url = withQuery(event.rawPath, event.rawQueryString);
    return toIncomingDelivery({ method, url, remoteAddress, headers: event.headers ?? {}, body: noBody });
  }
  if (isVersion1(event)) {
    const { httpMethod: method, requestContext } = event;
    const url = withQuery(requestContext.path ?? event.path, queryOf(event));
    const headers = event.multiValueHeaders ?? event.headers ?? {};
    return toIncomingDelivery({ method, url, remoteAddress: requestContext.identity.sourceIp, headers, body: noBody });
  }
  throw new ConfigError("ERR_OPTION_INVALID", "toLambda: this event is none that a receiver can read.", {
    help:
      "It takes those of API Gateway, REST or HTTP, in payload format 1.0 or 2.0, and those of function URLs. " +
      "A load balancer's is none of them: it hands on one value of a repeated header and not the sender's address.",
  });
}

// Whoever may invoke the function chooses the event. A load balancer's and an authorizer's look much like these.
function isVersion2(event: LambdaEvent): event is LambdaEventV2 {
  return hasBody(event) && "http" in event.requestContext && typeof event.requestContext.http?.method === "string";
}

function isVersion1(event: LambdaEvent): event is LambdaEventV1 {
  if (!hasBody(event) || !("httpMethod" in event) || !("identity" in event.requestContext)) return false;
  return typeof event.httpMethod === "string" && typeof event.requestContext.identity?.sourceIp === "string";
}

function hasBody(event: LambdaEvent): boolean {
  if (typeof event?.requestContext !== "object" || event.requestContext === null) return false;
  return typeof event.isBase64Encoded === "boolean" && typeof (event.body ?? "") === "string";
}

function withQuery(path: string, query: string | undefined): string {
  return query === undefined || query === "" ? path : `${path}?${query}`;
}

/** The gateway has decoded the query. Written again it is equal in meaning, not letter for letter. */
function queryOf({ multiValueQueryStringParameters: parameters }: LambdaEventV1): string {
  const query = new URLSearchParams();
  for (const [name, values = []] of Object.entries(parameters ?? {})) {
    for (const value of values) query.append(name, value);
  }
  return query.toString();
}

function readBody({ body, isBase64Encoded }: LambdaEvent, head: IncomingDelivery): IncomingBody {
  if (isBase64Encoded) return Buffer.from(body ?? "", "base64");
  const text = body ?? "";
  const bytes = Buffer.from(text);
  const [encoding = "identity"] = head.headerValues("content-encoding");
  // Core refuses it for this header, and then the sender must act and not the developer.
  if (encoding.toLowerCase() !== "identity") return bytes;
  const [length] = head.headerValues("content-length");
  // A decoder puts U+FFFD for what is no UTF-8. What it drops shows in the length alone.
  const isExact = !text.includes("\u{FFFD}") && text.isWellFormed();
  return isExact && (length === undefined || Number(length) === bytes.byteLength) ? bytes : { consumed: advice };
}

const advice =
  "API Gateway or the function URL handed on a text that does not prove the bytes: it holds U+FFFD, or is not as long as " +
  'Content-Length says. Set binaryMediaTypes: ["*/*"] on the REST API, and it hands on the bytes. HTTP APIs and function ' +
  "URLs have no such setting for JSON: put a REST API there if the platform really sends such bodies.";
