import { ConfigError } from "@hooklatch/core/errors";
import { expect, test } from "vitest";

import { readOptions } from "./options.ts";

const good = {
  accessToken: "token",
  accountUuid: "account",
  receiver: { provider: { name: "inplayer-notifications" }, dispatch: () => expect.unreachable() },
};

test.each([
  ["accessToken", undefined, "ERR_SECRET_MISSING"],
  ["accessToken", " ", "ERR_SECRET_MISSING"],
  ["accessToken", "a b", "ERR_OPTION_INVALID"],
  ["accountUuid", "", "ERR_OPTION_INVALID"],
  ["accountUuid", "#", "ERR_OPTION_INVALID"],
  ["accountUuid", "a/+", "ERR_OPTION_INVALID"],
  ["receiver", { provider: { name: "inplayer" } }, "ERR_OPTION_INVALID"],
  ["receiver", undefined, "ERR_OPTION_INVALID"],
  ["environment", "test", "ERR_OPTION_INVALID"],
  ["environment", { credentialsUrl: "http://notifications.example/iot/keys" }, "ERR_OPTION_INVALID"],
  ["environment", { credentialsUrl: "https://a.example/", brokerUrl: "ws://a.example/mqtt" }, "ERR_OPTION_INVALID"],
  ["environment", { credentialsUrl: "https://me:secret@a.example/" }, "ERR_OPTION_INVALID"],
  ["maxConcurrent", 0, "ERR_OPTION_INVALID"],
  ["maxQueuedBytes", -1, "ERR_OPTION_INVALID"],
  ["retries", 11, "ERR_OPTION_INVALID"],
  ["onState", "log", "ERR_OPTION_INVALID"],
  ["onLost", 1, "ERR_OPTION_INVALID"],
])("%s cannot be %j", (name, value, code) => {
  const connect = (): unknown => readOptions({ ...good, [name]: value });
  expect(connect).toThrow(ConfigError);
  expect(connect).toThrow(expect.objectContaining({ code, message: expect.stringContaining(name) }));
});

test("what is left out has a default", () => {
  expect(readOptions(good)).toMatchObject({ maxConcurrent: 16, maxQueuedBytes: 16 * 1024 * 1024, retries: 3 });
  expect(readOptions(good).environment.credentialsUrl).toBe("https://notifications.inplayer.com/iot/keys");
  const staging = readOptions({ ...good, environment: "staging" });
  expect(staging.environment.credentialsUrl).toBe("https://staging-notifications.inplayer.com/iot/keys");
});
