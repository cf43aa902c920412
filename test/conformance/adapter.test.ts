import { readdirSync, readFileSync } from "node:fs";

import { adapterConformance } from "@hooklatch/conformance/adapter";
import type { AdapterCaseName, AdapterHost } from "@hooklatch/conformance/adapter";
import { describe, expect, test } from "vitest";

import { adapterHosts } from "../support/hosts.ts";
import { expressHosts } from "../support/hosts/express.ts";
import { fastifyHosts } from "../support/hosts/fastify.ts";
import { honoHost } from "../support/hosts/hono.ts";
import { koaHosts } from "../support/hosts/koa.ts";
import { lambdaV1Host, lambdaV2Host } from "../support/hosts/lambda.ts";
import { nestHosts } from "../support/hosts/nest.ts";
import { nodeHttpHost } from "../support/hosts/node-http.ts";

/** Every adapter, by its package and subpath, with the frameworks it is proven on. */
const rows: Readonly<Record<string, readonly AdapterHost[]>> = {
  "core/fetch": [honoHost],
  "core/node": [nodeHttpHost],
  express: expressHosts,
  fastify: fastifyHosts,
  koa: koaHosts,
  lambda: [lambdaV1Host, lambdaV2Host],
  nestjs: nestHosts,
};

const noParser = "node:http has no body parser";
const nestOnFastify = "Nest's middleware runs before any parser of Fastify's, so none can be in front of it";

const wholeBody = "the gateway takes in the whole body before it calls the function";
const lambda = {
  "body-limit": wholeBody,
  "refused-connection": wholeBody,
  "lying-length": wholeBody,
  "slow-sender": wholeBody,
  "body-consumed": "a function has no body parser",
  "kept-bytes": "a function has no body parser",
} as const;

/** What a framework makes impossible. */
const doesNotApply: Readonly<Record<string, Readonly<Partial<Record<AdapterCaseName, string>>>>> = {
  Hono: { "kept-bytes": "Hono keeps what it has parsed, not the bytes" },
  "Lambda v1": {
    ...lambda,
    "large-body": "a function is handed 6 MB at most, and in base64 these are more",
    url: "a REST API hands on the query decoded, so it is written anew",
  },
  "Lambda v2": { ...lambda, "exact-bytes": "an HTTP API makes a text of JSON, and loses what is no UTF-8" },
  "Nest on Fastify": { "body-consumed": nestOnFastify, "kept-bytes": nestOnFastify },
  "node:http": { "body-consumed": noParser, "kept-bytes": noParser },
};

describe.each(adapterHosts)("$name", (host) => {
  const cases = adapterConformance({ host, doesNotApply: doesNotApply[host.name] ?? {} });
  test.concurrent.for(cases)("$name", async ({ run }, context) => {
    await context.expect(run()).resolves.toBeUndefined();
  });
});

describe("no adapter is forgotten:", () => {
  const others = new Set(["conformance", "core", "inplayer-notifications", "mock-sender", "providers", "stores"]);

  test("each package that is none of the others has a row, and so has each subpath of core that is one", () => {
    const packages = readdirSync("packages").filter((name) => !others.has(name));
    const { exports }: { readonly exports: object } = JSON.parse(readFileSync("packages/core/package.json", "utf8"));
    const subpaths = Object.keys(exports).filter((path) => ![".", "./errors", "./schemes"].includes(path));
    expect([...packages, ...subpaths.map((path) => path.replace(".", "core"))].toSorted()).toEqual(
      Object.keys(rows).toSorted(),
    );
  });

  test("each row is run", () => {
    expect(new Set(Object.values(rows).flat())).toEqual(new Set(adapterHosts));
  });
});
