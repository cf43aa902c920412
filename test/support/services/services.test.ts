import { fork } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";

import { expect, test, vi } from "vitest";

import { findProgram, findService, skipWithoutService } from "./find-service.ts";

const accepts = async (url: string): Promise<boolean> => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

test("a server that was started for tests ends with a process that is killed", async (context) => {
  await skipWithoutService(context, findProgram("redis-server"));
  const child = fork(new URL("start-redis-child.ts", import.meta.url));
  const [url] = await once(child, "message");
  expect(await accepts(String(url))).toBe(true);
  child.kill("SIGKILL");
  await vi.waitFor(async () => expect(await accepts(String(url))).toBe(false), 5_000);
});

const absent = {
  name: "Nothing",
  variable: "HOOKLATCH_TEST_NOTHING_URL",
  usual: "nothing://127.0.0.1:1",
  answers: async () => false,
  start: async (): Promise<string> => {
    throw new Error("not installed");
  },
};
const find = async (): Promise<void> => {
  await findService(absent);
};

test("a test without its server is skipped aloud, and fails in CI", async () => {
  const warn = vi.spyOn(console, "warn").mockReturnValue();
  const skip = vi.fn<(note: string) => void>();
  const says = expect.stringContaining("There is no Nothing");

  vi.stubEnv("CI", "true");
  await skipWithoutService({ skip }, find());
  expect(skip).not.toHaveBeenCalled();

  vi.stubEnv("CI", undefined);
  await skipWithoutService({ skip }, find());
  expect(skip).toHaveBeenCalledWith(says);
  expect(warn).toHaveBeenCalledWith(says);

  await skipWithoutService({ skip }, findProgram("hooklatch-nothing-server"));
  expect(skip).toHaveBeenLastCalledWith("There is no hooklatch-nothing-server. Install it.");
  await skipWithoutService({ skip }, findProgram("node"));
  expect(skip).toHaveBeenCalledTimes(2);
});

test("a test whose server was named, but does not answer, always fails", async () => {
  vi.stubEnv("CI", undefined);
  vi.stubEnv("HOOKLATCH_TEST_NOTHING_URL", "nothing://127.0.0.1:2");
  await expect(find()).rejects.toThrow("HOOKLATCH_TEST_NOTHING_URL is set, but no Nothing answers there.");
});
