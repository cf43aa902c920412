/** There was no reply at all: nobody listens at the address, or the connection broke off. */
export class NoReplyError extends Error {
  override readonly name = "NoReplyError";

  constructor(url: string, cause: unknown) {
    // `fetch` itself says no more than "fetch failed"; the socket's error is underneath.
    const socketError = read(cause, "cause");
    const reasons = [read(socketError, "code"), read(socketError, "message"), read(cause, "message"), cause];
    super(`No reply from ${url}: ${reasons.find(isText) ?? "for no known reason"}.`, { cause });
  }
}

/** By name, not by class: what `fetch` throws is of another realm than the `Error` of jest's tests. */
function read(value: unknown, property: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, property) : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}
