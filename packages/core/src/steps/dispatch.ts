import { HandlerError } from "../errors.ts";
import { printable } from "../printable.ts";
import type { Around, HandlerContext } from "../receiver.ts";
import type { Run } from "../route.ts";

/**
 * Step 6: runs the handlers one after the other, each inside the functions given to `use`. The first that fails ends it.
 * Needs no HTTP request behind it.
 *
 * @throws {HandlerError} `ERR_HANDLER_FAILED`, with what the handler threw as its cause
 */
export async function dispatch(
  runs: readonly Run[],
  arounds: readonly Around<unknown>[],
  context: HandlerContext,
): Promise<void> {
  for (const run of runs) {
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

async function runInside(arounds: readonly Around<unknown>[], run: Run, context: HandlerContext): Promise<void> {
  const [outermost, ...inner] = arounds;
  if (outermost === undefined) {
    await run.handler(run.event, context);
    return;
  }
  let inside: Watched | undefined;
  const next = (): Promise<void> => {
    if (inside !== undefined) return Promise.reject(new Error("next() was called twice by a function given to use()."));
    inside = new Watched(runInside(inner, run, context));
    return inside;
  };
  await outermost(run.event, context, next);
  // … nor into a success. One that was awaited has settled by now, and what its caller caught stays caught.
  if (inside !== undefined && !(await hasSettled(inside))) await inside;
}

function hasSettled(work: Promise<void>): Promise<boolean> {
  const settled = work.then(
    () => true,
    () => true,
  );
  // Loses against work that has settled already, wins against work that is pending.
  return Promise.race([settled, Promise.resolve().then(() => false)]);
}
