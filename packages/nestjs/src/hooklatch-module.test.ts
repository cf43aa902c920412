import type { IncomingDelivery, Result } from "@hooklatch/core";
import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { HooklatchModule } from "./hooklatch-module.ts";
import type { HooklatchOptions } from "./hooklatch-options.ts";

const receiver = {
  receive: async (_incoming: IncomingDelivery): Promise<Result> => expect.unreachable(),
  on: () => undefined,
  close: async () => {},
};

test.each<[unknown, string]>([
  [undefined, "HooklatchModule: receivers must be a list of { path, receiver }."],
  [{}, "HooklatchModule: receivers must be a list of { path, receiver }."],
  [{ receivers: [{ path: "hook", receiver }] }, 'a path must start with "/" and have no query.'],
  [{ receivers: [{ path: "/hook?a", receiver }] }, 'a path must start with "/" and have no query.'],
  [{ receivers: [{ receiver }] }, 'a path must start with "/" and have no query.'],
  [{ receivers: [{ path: "/hook" }] }, 'what is mounted at "/hook" is not a receiver; make one with createReceiver().'],
  [{ receivers: [{ path: "/hook", receiver: {} }] }, 'what is mounted at "/hook" is not a receiver'],
  [
    {
      receivers: [
        { path: "/a", receiver, name: "x" },
        { path: "/b", receiver, name: "x" },
      ],
    },
    "two mounts have one name.",
  ],
  [
    {
      receivers: [
        { path: "/a", receiver },
        { path: "/a", receiver },
      ],
    },
    "two mounts have one path.",
  ],
])("refuses %o when the app starts", async (given, message) => {
  const options = given as HooklatchOptions; // what a caller without types may give
  expect(() => HooklatchModule.forRoot(options)).toThrow(ConfigError);
  expect(() => HooklatchModule.forRoot(options)).toThrow(message);
  const [provided] = HooklatchModule.forRootAsync({ useFactory: () => options }).providers;
  await expect(provided?.useFactory()).rejects.toThrow(message);
});

test("takes one receiver on two paths, and several without a name", () => {
  const receivers = [
    { path: "/a", receiver },
    { path: "/b", receiver },
  ];
  expect(() => HooklatchModule.forRoot({ receivers })).not.toThrow();
});

test("calls the factory with what was injected, and passes on what to import", async () => {
  class ConfigModule {
    readonly isConfig = true;
  }
  const options: HooklatchOptions = { receivers: [] };
  const { imports, providers } = HooklatchModule.forRootAsync({
    imports: [ConfigModule],
    inject: ["PORT"],
    useFactory: async (port: number) => ({ receivers: port === 1 ? [{ path: "/one", receiver }] : [] }),
  });
  expect(imports).toEqual([ConfigModule]);
  expect(providers[0]?.inject).toEqual(["PORT"]);
  expect(await providers[0]?.useFactory(1)).toEqual({ receivers: [{ path: "/one", receiver }] });
  expect(await providers[0]?.useFactory(2)).toEqual(options);
});
