import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";

/** A function as Lambda's runtime calls it: with what it made of JSON, for something that it can make JSON of. */
export type LambdaFunction = (event: never) => Promise<unknown>;

/**
 * What stands between the network and a function: a REST API with `binaryMediaTypes: ["*\/*"]`, an HTTP API, or a REST API
 * that was left as it is made. They are written from AWS's pages on proxy integrations and payload formats.
 */
export type GatewayKind = "rest" | "http" | "rest-text";

/** A request that a gateway has taken in whole. */
interface Taken {
  readonly request: IncomingMessage;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly path: string;
  readonly query: string;
  readonly body: Buffer;
}

/** A gateway takes at most this, and Lambda takes at most that of the event it makes. */
const maxBodyBytes = 10 * 1024 * 1024;
const maxEventBytes = 6_291_556;

/** API Gateway in front of one function, as a server that does not listen yet. */
export function createGateway(kind: GatewayKind, invoke: LambdaFunction): Server {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const answer = await answerTo(kind, request, invoke);
    if (!request.complete) response.setHeader("connection", "close");
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  return createServer((request, response) => void serve(request, response));
}

interface GatewayAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

async function answerTo(kind: GatewayKind, request: IncomingMessage, invoke: LambdaFunction): Promise<GatewayAnswer> {
  const tooLarge = message(413, "Request Too Long");
  const body = await readBody(request);
  if (body === undefined) return tooLarge;
  const [path = "", query = ""] = splitOnce(request.url ?? "/", "?");
  const taken: Taken = { request, headers: readHeaders(request), path, query, body };
  const event = JSON.stringify(kind === "http" ? toVersion2(taken) : toVersion1(taken, kind));
  if (Buffer.byteLength(event) > maxEventBytes) return tooLarge;
  const failed = kind === "http" ? message(500, "Internal Server Error") : message(502, "Internal server error");
  try {
    // Any event is fit for a function that is typed for its own events alone.
    const result = await invoke(JSON.parse(event) as never);
    return toAnswer(kind, JSON.parse(JSON.stringify(result ?? null)) as unknown) ?? failed;
  } catch {
    return failed;
  }
}

/** The whole body, or nothing when it is too large. A sender that goes away is nobody to answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  return new Promise((resolve) => {
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBodyBytes) resolve(undefined);
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
  });
}

/** What belongs to one connection stays there. */
const hops = new Set(["connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"]);

/** Every value of every header, under the name as it was first written. */
function readHeaders({ rawHeaders, socket }: IncomingMessage): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string>();
  const headers = new Map<string, string[]>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [written = "", value = ""] = rawHeaders.slice(index, index + 2);
    const lower = written.toLowerCase();
    if (hops.has(lower)) continue;
    const name = names.get(lower) ?? written;
    names.set(lower, name);
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  const forwarded = names.get("x-forwarded-for") ?? "X-Forwarded-For";
  headers.set(forwarded, [[...(headers.get(forwarded) ?? []), socket.remoteAddress ?? ""].join(", ")]);
  headers.set(names.get("x-forwarded-proto") ?? "X-Forwarded-Proto", ["https"]);
  return headers;
}

function toVersion1({ request, headers, path, query, body }: Taken, kind: GatewayKind): unknown {
  // REST APIs do not hand on the length.
  const lines = [...headers].filter(([name]) => name.toLowerCase() !== "content-length");
  const parameters = Map.groupBy(new URLSearchParams(query), ([name]) => name);
  const values = [...parameters].map(([name, pairs]) => [name, pairs.map(([, value]) => value)] as const);
  const isBase64Encoded = kind === "rest" && body.length > 0;
  return {
    resource: "/{proxy+}",
    path,
    httpMethod: request.method,
    headers: lastOfEach(lines),
    multiValueHeaders: Object.fromEntries(lines),
    queryStringParameters: values.length === 0 ? null : lastOfEach(values),
    multiValueQueryStringParameters: values.length === 0 ? null : Object.fromEntries(values),
    pathParameters: { proxy: path.slice(1) },
    stageVariables: null,
    requestContext: {
      accountId: "123456789012",
      apiId: "a1b2c3d4e5",
      httpMethod: request.method,
      identity: { sourceIp: request.socket.remoteAddress, userAgent: request.headers["user-agent"] ?? null },
      path, // as under a domain name of its own, which has no stage in the path
      protocol: "HTTP/1.1",
      resourcePath: "/{proxy+}",
      stage: "live",
    },
    body: body.length === 0 ? null : body.toString(isBase64Encoded ? "base64" : "utf8"),
    isBase64Encoded,
  };
}

function lastOfEach(entries: Iterable<readonly [string, readonly string[]]>): Record<string, string | undefined> {
  return Object.fromEntries([...entries].map(([name, values]) => [name, values.at(-1)]));
}

/** What HTTP APIs and function URLs hand on as text. Everything else is base64. */
const textTypes = /^(?:text\/.*|application\/(?:json|xml|javascript))$/;

function toVersion2({ request, headers, path, query, body }: Taken): unknown {
  const joined = new Map([...headers].map(([name, values]) => [name.toLowerCase(), values.join(",")]));
  const cookies = joined.get("cookie")?.split("; ");
  joined.delete("cookie");
  const [type = ""] = splitOnce(joined.get("content-type") ?? "", ";");
  const isBase64Encoded = body.length > 0 && !textTypes.test(type.trim().toLowerCase());
  const parameters = Map.groupBy(new URLSearchParams(query), ([name]) => name);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    cookies,
    headers: Object.fromEntries(joined),
    queryStringParameters: Object.fromEntries(
      [...parameters].map(([name, pairs]) => [name, pairs.map(([, value]) => value).join(",")]),
    ),
    requestContext: {
      accountId: "123456789012",
      apiId: "a1b2c3d4e5",
      http: {
        method: request.method,
        path,
        protocol: "HTTP/1.1",
        sourceIp: request.socket.remoteAddress,
        userAgent: request.headers["user-agent"] ?? "",
      },
      routeKey: "$default",
      stage: "$default",
    },
    body: body.length === 0 ? undefined : body.toString(isBase64Encoded ? "base64" : "utf8"),
    isBase64Encoded,
  };
}

/** The result as a gateway reads it, or nothing when it can make nothing of it. */
function toAnswer(kind: GatewayKind, result: unknown): GatewayAnswer | undefined {
  const isObject = typeof result === "object" && result !== null;
  if (!isObject || !("statusCode" in result)) {
    if (kind !== "http") return undefined;
    // In format 2.0 anything without a status is the body of a 200.
    return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(result) };
  }
  // An object, as was looked at.
  const { statusCode: status, headers = {}, body = "", isBase64Encoded = false } = result as Record<string, unknown>;
  if (typeof status !== "number" || typeof headers !== "object" || typeof body !== "string") return undefined;
  if (typeof isBase64Encoded !== "boolean") return undefined;
  const fields = Object.entries(headers ?? {}).map(([name, value]) => [name, String(value)] as const);
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  return { status, headers: { ...Object.fromEntries(fields), "content-length": `${bytes.length}` }, body: bytes };
}

function message(status: number, text: string): GatewayAnswer {
  return { status, headers: { "content-type": "application/json" }, body: JSON.stringify({ message: text }) };
}

function splitOnce(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
