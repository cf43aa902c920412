import type { IncomingDelivery, UnreadDelivery } from "../delivery.ts";
import { ConfigError, RejectedError } from "../errors.ts";
import { readHeader } from "../incoming-delivery.ts";
import { printable } from "../printable.ts";
import type { Provider } from "../provider.ts";

interface AdmitOptions {
  readonly provider: Provider<unknown>;
  readonly maxBodyBytes: number;
}

/**
 * Step 1: looks at the request line and the headers alone, so that most junk costs no memory and no hash.
 *
 * @throws {RejectedError}
 * @throws {ConfigError} `ERR_BODY_CONSUMED`
 */
export function admit(
  incoming: IncomingDelivery,
  { provider, maxBodyBytes }: AdmitOptions,
): asserts incoming is UnreadDelivery {
  // First of all, so that the very first request shows the developer, whoever sent it.
  if ("consumed" in incoming.body) {
    throw new ConfigError("ERR_BODY_CONSUMED", "A body parser read the body before Hooklatch could verify its bytes.", {
      // An adapter's advice may name a part of the request, which is a stranger's text.
      help: printable(incoming.body.consumed, 600),
    });
  }
  if (incoming.method !== "POST") throw new RejectedError("ERR_METHOD_NOT_ALLOWED", "The method was not POST.");
  assertContentType(readHeader(incoming, "content-type"), provider);
  const encoding = readHeader(incoming, "content-encoding") ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new RejectedError(
      "ERR_CONTENT_ENCODING_UNSUPPORTED",
      "The body is compressed; platforms sign it as it is sent.",
    );
  }
  assertLength(readHeader(incoming, "content-length"), maxBodyBytes);
  const { headers, anyHeaders } = provider.scheme;
  const isThere = (name: string): boolean => (readHeader(incoming, name) ?? "") !== "";
  const missing = headers.find((name) => !isThere(name));
  const isOneThere = anyHeaders === undefined || anyHeaders.some((names) => names.every(isThere));
  if (missing === undefined && isOneThere) return;
  throw new RejectedError(
    "ERR_SIGNATURE_MISSING",
    `The header ${missing ?? describeSets(anyHeaders ?? [])} is missing.`,
    {
      help: `Every delivery of ${provider.name} carries it; a proxy may have removed it.`,
    },
  );
}

function describeSets(sets: readonly (readonly string[])[]): string {
  return sets.map((names) => names.join(" with ")).join(", or ");
}

function assertContentType(value: string | undefined, { body, contentTypes }: Provider<unknown>): void {
  const semicolon = value?.indexOf(";") ?? -1;
  const type = (semicolon === -1 ? value : value?.slice(0, semicolon))?.trim().toLowerCase() ?? "";
  const isAccepted =
    contentTypes === undefined
      ? body === "form"
        ? type === "application/x-www-form-urlencoded"
        : type === "application/json" || /^application\/[\w.-]+\+json$/.test(type)
      : contentTypes.includes(type);
  if (isAccepted) return;
  throw new RejectedError("ERR_CONTENT_TYPE_UNSUPPORTED", `The content type is not one that carries ${body}.`);
}

function assertLength(value: string | undefined, maxBodyBytes: number): void {
  if (value === undefined) return;
  if (!/^\d{1,15}$/.test(value)) {
    throw new RejectedError("ERR_CONTENT_LENGTH_INVALID", "Content-Length is not a whole number.");
  }
  if (Number(value) > maxBodyBytes) {
    throw new RejectedError(
      "ERR_BODY_TOO_LARGE",
      `The body is declared with ${value} bytes; the limit is ${maxBodyBytes}.`,
      {
        help: "If the platform really sends such bodies, raise maxBodyBytes.",
      },
    );
  }
}
