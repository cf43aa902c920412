import type { Server } from "node:http";

import type { AdapterHost, AdapterMount, RunningAdapterHost } from "@hooklatch/conformance/adapter";
import { HooklatchModule } from "@hooklatch/nestjs";
import type { NestReceiver } from "@hooklatch/nestjs";
import { Body, Catch, Controller, Get, HttpCode, HttpException, Post } from "@nestjs/common";
import type { ArgumentsHost, INestApplication } from "@nestjs/common";
import { APP_FILTER, HttpAdapterHost, NestFactory } from "@nestjs/core";
import type { AbstractHttpAdapter } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import express from "express";

import { decorateMethod } from "../decorate-method.ts";
import { toModule } from "../serve-nest.ts";
import { running } from "./serve.ts";

/** Nest on its two platforms. */
export const nestHosts: readonly AdapterHost[] = [
  { name: "Nest on Express", start: (mounts) => start(mounts, new ExpressAdapter(behindParsers(mounts))) },
  {
    name: "Nest on Fastify",
    async start(mounts) {
      if (mounts.some(({ behind }) => behind !== undefined)) {
        throw new Error("Fastify parses bodies after every middleware of Nest's.");
      }
      return start(mounts, new FastifyAdapter());
    },
  },
];

async function start(mounts: readonly AdapterMount[], adapter: AbstractHttpAdapter): Promise<RunningAdapterHost> {
  const module = toModule({
    imports: [
      HooklatchModule.forRoot({
        receivers: mounts.map(({ path, receiver }) => ({ path, receiver: toNestReceiver(receiver) })),
      }),
    ],
    controllers: [OwnController],
    providers: [
      { provide: APP_FILTER, useFactory: (host: HttpAdapterHost) => new OwnFilter(host), inject: [HttpAdapterHost] },
    ],
  });
  const app: INestApplication = await NestFactory.create(module, adapter, { logger: false, abortOnError: false });
  await app.listen(0, "127.0.0.1");
  // What both platforms listen with.
  const server = app.getHttpServer() as Server;
  const listening = running(server);
  return {
    url: listening.url,
    stop: () => app.close(),
    async kill() {
      await listening.kill();
      await app.close();
    },
  };
}

/** The module closes its receivers; those of the suites are theirs. */
function toNestReceiver(receiver: AdapterMount["receiver"]): NestReceiver {
  return { receive: (incoming) => receiver.receive(incoming), on: () => undefined, close: async () => {} };
}

/** An Express app that has parsers before Nest gets it. */
function behindParsers(mounts: readonly AdapterMount[]): ReturnType<typeof express> {
  const app = express();
  const parsers = {
    parser: express.json({ strict: false }),
    "parser-that-keeps-bytes": express.json({
      strict: false,
      verify: (request, _response, bytes) => void Object.assign(request, { rawBody: bytes }),
    }),
  };
  for (const { path, behind } of mounts) {
    if (behind !== undefined) app.use(path, parsers[behind]);
  }
  return app;
}

class OwnController {
  hello(): string {
    return "hello";
  }
  echo(body: unknown): unknown {
    return { own: body };
  }
  fail(): never {
    throw new Error("a failure of the app's own");
  }
}
Controller("own")(OwnController);
decorateMethod(OwnController, "hello", Get("hello"));
decorateMethod(OwnController, "echo", Post("echo"), HttpCode(200));
Body()(OwnController.prototype, "echo", 0);
decorateMethod(OwnController, "fail", Get("fail"));

/** The app's own error handler, which in Nest is an exception filter. */
class OwnFilter {
  readonly #host: HttpAdapterHost;

  constructor(host: HttpAdapterHost) {
    this.#host = host;
  }

  catch(error: unknown, context: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 418;
    this.#host.httpAdapter.reply(context.switchToHttp().getResponse(), { own: "error" }, status);
  }
}
Catch()(OwnFilter);
