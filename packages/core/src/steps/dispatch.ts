import { HandlerError } from "../errors.ts";
import { printable } from "../printable.ts";
import type { Around, HandlerContext } from "../receiver.ts";
import type { Run } from "../route.ts";

interface DispatchOptions {
  /** Whether the attempt's time is used up, or its lease may be. Then no further handler is started. */
  readonly isOver?: () => boolean;
}

/**
 * Step 6: runs the handlers one after the other, each inside the functions given to `use`. The first that fails ends it.
 * Needs no HTTP request behind it.
 *
 * @throws {HandlerError} `ERR_HANDLER_FAILED`, with what the handler threw as its cause; `ERR_HANDLER_TIMEOUT`
 */
export async function dispatch(
  runs: readonly Run[],
  arounds: readonly Around<unknown, unknown>[],
  context: HandlerContext<unknown>,
  { isOver = () => false }: DispatchOptions = {},
): Promise<void> {
  for (const run of runs) {
    if (isOver()) {
      throw new HandlerError("ERR_HANDLER_TIMEOUT", `The handler ${printable(run.name)} was not started: time was up.`);
    }
    try {
      if (arounds.length === 0) await run.handler(run.event, context);
      else await runInside(arounds, run, context);
    } catch (cause) {
      throw new HandlerError(
        "ERR_HANDLER_FAILED",
        `The handler ${printable(run.name)} failed on attempt ${context.attempt}.`,
        { help: "The platform is told to send the event again.", cause },
      );
    }
  }
}

async function runInside(
  arounds: readonly Around<unknown, unknown>[],
  run: Run,
  context: HandlerContext<unknown>,
): Promise<void> {
  const [outermost, ...inner] = arounds;
  if (outermost === undefined) {
    await run.handler(run.event, context);
    return;
  }
  let inside: Promise<void> | undefined;
  let hasEnded = false;
  const next = (): Promise<void> => {
    // By now the delivery is answered and the claim given back: the handler would run beside its own redelivery.
    inside ??= hasEnded ? Promise.reject(new Error("next() was called too late.")) : runInside(inner, run, context);
    inside.catch(() => {}); // awaited below; until then its failure must not count as unhandled
    return inside;
  };
  try {
    await outermost(run.event, context, next);
  } finally {
    hasEnded = true;
    // Whoever forgets to await next(), or catches what it throws, must not turn a failure into a success; and the claim
    // must not be given back while the handler is still at it.
    await inside;
  }
  if (inside === undefined) {
    throw new Error("A function given to use() ended without calling next(), so the handler did not run.");
  }
}
