import type { DynamicModule, INestApplication, ModuleMetadata } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import type { AbstractHttpAdapter } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { FastifyAdapter } from "@nestjs/platform-fastify";
import { onTestFinished } from "vitest";

/** The two platforms of Nest. A test that runs on the one runs on the other. */
export const nestPlatforms: readonly { readonly name: string; readonly createAdapter: () => AbstractHttpAdapter }[] = [
  { name: "Express", createAdapter: () => new ExpressAdapter() },
  { name: "Fastify", createAdapter: () => new FastifyAdapter() },
];

/** How an app is made beside its module and platform. */
interface NestOptions {
  readonly platform: AbstractHttpAdapter;
  readonly rawBody?: boolean;
  readonly bodyParser?: boolean;
  readonly prefix?: string;
}

/** An app that listens, and what makes URLs of paths. */
interface ServedNest {
  readonly app: INestApplication;
  readonly at: (path?: string) => string;
}

/** Serves a Nest app for the length of one test. */
export async function serveNest(
  metadata: ModuleMetadata,
  { platform, prefix = "", ...options }: NestOptions,
): Promise<ServedNest> {
  const app = await NestFactory.create(toModule(metadata), platform, {
    ...options,
    logger: false,
    abortOnError: false,
  });
  app.setGlobalPrefix(prefix);
  await app.listen(0, "127.0.0.1");
  onTestFinished(async () => {
    // A server of `node:http` on both platforms, or one that is closed already.
    const server = app.getHttpServer() as { closeAllConnections(): void };
    server.closeAllConnections();
    await app.close();
  });
  const origin = await app.getUrl();
  return { app, at: (path = "/hook") => new URL(origin).origin + path };
}

/** The module of an app, without a class of its own. */
export function toModule(metadata: ModuleMetadata): DynamicModule {
  return { ...metadata, module: RootModule };
}

class RootModule {
  readonly isRoot = true;
}
