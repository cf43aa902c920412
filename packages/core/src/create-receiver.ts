import { ConfigError } from "./errors.ts";
import { createEventKey } from "./event-key.ts";
import type { WebhookEvent } from "./event.ts";
import { observe } from "./observe.ts";
import { runPipeline, runProven } from "./pipeline.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Around, Handler, HandlerOptions, Receiver, ReceiverOptions } from "./receiver.ts";
import type { Result } from "./reply.ts";
import { createRoute } from "./route.ts";
import type { Route } from "./route.ts";
import { Room } from "./room.ts";
import { readSettings } from "./settings.ts";
import { createStoreClient } from "./store-client.ts";
import { toReport } from "./outcome-report.ts";
import { Unsettled } from "./unsettled.ts";

/**
 * Makes a receiver: one endpoint for one provider. Register handlers with `on`, mount it with an adapter.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`, naming the option
 */
export function createReceiver<Events, Transaction = undefined>(
  options: ReceiverOptions<Events, Transaction>,
): Receiver<Events, Transaction> {
  const settings = readSettings(options);
  const routes: Route[] = [];
  const arounds: Around<unknown, unknown>[] = [];
  let running = 0;
  let reportDrained: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  const pipeline: Pipeline = {
    settings,
    store: createStoreClient(settings),
    unsettled: new Unsettled(),
    routes,
    arounds,
    eventKey: createEventKey(settings.provider.name, settings.endpoint),
    room: new Room(settings.maxInFlight),
  };

  async function run(work: Promise<Result>, remoteAddress: string | undefined): Promise<Result> {
    const startedAtMs = settings.clock.nowMs();
    running++;
    const result = await work;
    running--;
    if (running === 0) reportDrained?.();
    observe(toReport(result, settings, remoteAddress, settings.clock.nowMs() - startedAtMs), settings.onOutcome);
    return result;
  }

  async function drain(): Promise<void> {
    pipeline.room.close();
    if (running > 0) await new Promise<void>((resolve) => (reportDrained = resolve));
    if (settings.ownsStore) await settings.store.close();
  }

  const receiver: Receiver<Events, Transaction> = {
    provider: options.provider,
    endpoint: settings.endpoint,
    on(pattern: string, ...rest: [Handler<never, never>] | [HandlerOptions, Handler<never, never>]) {
      const [handlerOptions = {}, handler] = rest.length === 2 ? rest : [undefined, rest[0]];
      // A route lets only events through that its pattern matches, and those are what the handler is typed for.
      routes.push(createRoute(pattern, handlerOptions, handler as Handler<WebhookEvent, unknown>));
      return receiver;
    },
    use(around) {
      if (typeof around !== "function") throw new ConfigError("ERR_OPTION_INVALID", "use(): that is not a function.");
      // The context that it is given holds the transaction of the store that types it.
      arounds.push(around as Around<unknown, unknown>);
      return receiver;
    },
    receive: (incoming) => run(runPipeline(pipeline, incoming), incoming?.remoteAddress),
    dispatch: (message) => run(runProven(pipeline, message), undefined),
    close: () => (closing ??= drain()),
  };
  return receiver;
}
