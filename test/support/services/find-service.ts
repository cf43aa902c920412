import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

interface Service {
  readonly name: string;
  /** The environment variable that says where it is. */
  readonly variable: string;
  /** Where it is on most machines. */
  readonly usual: string;
  readonly answers: (url: string) => Promise<boolean>;
  /** Starts the installed one. */
  readonly start: () => Promise<string>;
}

/** The part of vitest's context that skips a test. */
interface Skippable {
  readonly skip: (note: string) => void;
}

/** There is no server to prove a store with, and none is installed. */
class MissingServiceError extends Error {}

/**
 * Finds a server for tests: the one that is named, the one on the usual port, or one of this process's own.
 *
 * @throws {MissingServiceError} there is none, which {@link skipWithoutService} makes a skipped test of
 */
export async function findService({ name, variable, usual, answers, start }: Service): Promise<string> {
  const named = process.env[variable];
  if (named !== undefined) {
    if (await answers(named)) return named;
    throw new Error(`${variable} is set, but no ${name} answers there.`);
  }
  if (await answers(usual)) return usual;
  try {
    return await start();
  } catch (cause) {
    throw new MissingServiceError(
      `There is no ${name}: none on its usual port, and an installed one does not start. Install it or set ${variable}.`,
      { cause },
    );
  }
}

/**
 * Looks for a program that tests start servers of their own with.
 *
 * @throws {MissingServiceError} it is not installed
 */
export async function findProgram(name: string): Promise<void> {
  try {
    await promisify(execFile)(name, ["--version"]);
  } catch (cause) {
    throw new MissingServiceError(`There is no ${name}. Install it.`, { cause });
  }
}

/** Waits until a server that was just started answers. */
export async function untilAnswers(ask: () => Promise<boolean>, isRunning: () => boolean): Promise<void> {
  for (let round = 0; round < 200 && isRunning(); round++) {
    if (await ask()) return;
    await sleep(50);
  }
  throw new Error(isRunning() ? "It does not answer." : "It ended at once.");
}

/** Where its server is missing, a test is skipped and says so; in CI it goes on and fails, as nothing is proven. */
export async function skipWithoutService(context: Skippable, test: Promise<unknown>): Promise<void> {
  try {
    await test;
  } catch (error) {
    if (!(error instanceof MissingServiceError) || process.env["CI"] === "true") return;
    console.warn(error.message);
    context.skip(error.message);
  }
}
