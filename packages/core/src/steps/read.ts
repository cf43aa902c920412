import type { Clock } from "../clock.ts";
import type { ByteSource, UnreadDelivery } from "../delivery.ts";
import { RejectedError } from "../errors.ts";
import type { BackendError } from "../errors.ts";
import { GrowingBuffer } from "../body/growing-buffer.ts";
import type { Room } from "../room.ts";

interface ReadOptions {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
  readonly clock: Clock;
}

/**
 * Step 2: gets the exact bytes, under a size limit and a deadline.
 *
 * @throws {RejectedError} `ERR_BODY_TOO_LARGE`, `ERR_BODY_TIMEOUT`, `ERR_BODY_ABORTED`, `ERR_CONTENT_LENGTH_INVALID`
 * @throws {BackendError} `ERR_OVERLOADED`
 */
export function read(incoming: UnreadDelivery, room: Room, options: ReadOptions): Uint8Array | Promise<Uint8Array> {
  const { body } = incoming;
  const [declared] = incoming.headerValues("content-length");
  const declaredBytes = declared === undefined ? undefined : Number(declared);
  if (body instanceof Uint8Array) return assertComplete(body, declaredBytes, options.maxBodyBytes);
  return readSource(body, declaredBytes, room, options).then((bytes) =>
    assertComplete(bytes, declaredBytes, options.maxBodyBytes),
  );
}

function readSource(
  source: ByteSource,
  declaredBytes: number | undefined,
  room: Room,
  options: ReadOptions,
): Promise<Uint8Array> {
  const { maxBodyBytes, bodyTimeoutMs, clock } = options;
  return new Promise((resolve, reject) => {
    let first: Uint8Array | undefined;
    let buffer: GrowingBuffer | undefined;

    const end = (): void => {
      cancelTimer();
      leave();
    };
    const refuse = (error: RejectedError | BackendError): void => {
      end();
      source.stop();
      reject(error);
    };
    const cancelTimer = clock.setTimer(() => {
      refuse(new RejectedError("ERR_BODY_TIMEOUT", `The body did not arrive within ${bodyTimeoutMs} ms.`));
    }, bodyTimeoutMs);
    const leave = room.startReading(refuse);

    try {
      source.start({
        chunk(bytes) {
          if (first === undefined && bytes.length <= maxBodyBytes) {
            first = bytes;
            return;
          }
          if (buffer === undefined) {
            buffer = new GrowingBuffer(maxBodyBytes, declaredBytes);
            if (first !== undefined) buffer.add(first);
          }
          if (!buffer.add(bytes)) refuse(tooLarge(maxBodyBytes));
        },
        end() {
          end();
          resolve(buffer?.bytes ?? first ?? new Uint8Array());
        },
        fail(cause) {
          refuse(
            new RejectedError("ERR_BODY_ABORTED", "The sender went away before the body was complete.", { cause }),
          );
        },
      });
    } catch (cause) {
      end();
      throw cause;
    }
  });
}

function assertComplete(body: Uint8Array, declaredBytes: number | undefined, maxBodyBytes: number): Uint8Array {
  if (body.length > maxBodyBytes) throw tooLarge(maxBodyBytes);
  if (declaredBytes !== undefined && declaredBytes !== body.length) {
    throw new RejectedError(
      "ERR_CONTENT_LENGTH_INVALID",
      `Content-Length says ${declaredBytes} bytes, but ${body.length} arrived.`,
    );
  }
  return body;
}

function tooLarge(maxBodyBytes: number): RejectedError {
  return new RejectedError("ERR_BODY_TOO_LARGE", `The body is larger than the limit of ${maxBodyBytes} bytes.`, {
    help: "If the platform really sends such bodies, raise maxBodyBytes.",
  });
}
