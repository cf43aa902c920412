import type { DatabaseSync } from "node:sqlite";

/** Runs operations that are asked for in one turn of the event loop in one transaction. */
export interface GroupCommit {
  /** Answers once the transaction is committed. `nowMs` is what `start` answered. */
  run<Value>(operation: (nowMs: number) => Value): Promise<Value>;
  /** Resolves when nothing is waiting any more. */
  idle(): Promise<void>;
}

interface GroupCommitOptions {
  readonly database: DatabaseSync;
  /** How long an operation waits for other processes that write. */
  readonly busyTimeoutMs: number;
  /** Runs first in each transaction, and answers the time. */
  readonly start: () => number;
  /** Runs between transactions. What it throws is not the fault of any operation, and is left. */
  readonly end?: () => void;
}

interface Waiting {
  readonly operation: (nowMs: number) => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: unknown) => void;
  readonly sinceMs: number;
}

/** The event loop stands still while a transaction runs; this many operations take a few milliseconds. */
const mostPerGroup = 500;

/**
 * A commit waits for the disk, whatever it holds: with many operations in it, each pays a part. Another process that
 * writes is waited for without blocking this one. An operation that throws without the database being at fault fails alone.
 */
export function createGroupCommit({ database, busyTimeoutMs, start, end }: GroupCommitOptions): GroupCommit {
  let waiting: Waiting[] = [];
  let isScheduled = false;
  const reportIdle: (() => void)[] = [];
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const rollback = database.prepare("ROLLBACK");

  function flush(): void {
    isScheduled = false;
    const group = waiting.slice(0, mostPerGroup);
    try {
      begin.run();
    } catch (cause) {
      if (isBusy(cause)) waitForOthers(cause);
      else refuseAll(cause);
      goOn();
      return;
    }
    waiting = waiting.slice(group.length);
    commitAll(group);
    tryTo(end);
    goOn();
  }

  function commitAll(group: readonly Waiting[]): void {
    try {
      const nowMs = start();
      const answers = group.map((each) => answer(each, nowMs));
      commit.run();
      for (const tell of answers) tell();
    } catch (cause) {
      // SQLite may have done so by itself: on a full disk, for one. https://sqlite.org/lang_transaction.html
      tryTo(() => rollback.run());
      for (const { reject } of group) reject(cause);
    }
  }

  function answer({ operation, resolve, reject }: Waiting, nowMs: number): () => void {
    try {
      const value = operation(nowMs);
      return () => resolve(value);
    } catch (cause) {
      if (endsTransaction(cause)) throw cause;
      return () => reject(cause);
    }
  }

  function waitForOthers(cause: unknown): void {
    const overdueMs = performance.now() - busyTimeoutMs;
    // They wait in the order they came.
    const overdue = waiting.filter(({ sinceMs }) => sinceMs <= overdueMs);
    waiting = waiting.slice(overdue.length);
    for (const { reject } of overdue) reject(cause);
    // Not all processes at the same moment again.
    if (waiting.length > 0) schedule((later) => setTimeout(later, 1 + Math.random() * 4));
  }

  function refuseAll(cause: unknown): void {
    // Should a transaction have been left open, the next one begins all the same.
    tryTo(() => rollback.run());
    for (const { reject } of waiting) reject(cause);
    waiting = [];
  }

  function goOn(): void {
    if (waiting.length > 0) schedule(setImmediate);
    else for (const report of reportIdle.splice(0)) report();
  }

  function schedule(how: (later: () => void) => unknown): void {
    if (isScheduled) return;
    isScheduled = true;
    how(flush);
  }

  return {
    run: <Value>(operation: (nowMs: number) => Value) =>
      new Promise<Value>((resolve, reject) => {
        // It resolves with what this very operation answers.
        waiting.push({ operation, resolve: resolve as Waiting["resolve"], reject, sinceMs: performance.now() });
        schedule(setImmediate);
      }),
    idle: () =>
      waiting.length === 0 ? Promise.resolve() : new Promise((resolve) => void reportIdle.push(() => resolve())),
  };
}

function tryTo(work: (() => unknown) | undefined): void {
  try {
    work?.();
  } catch {
    // Whoever calls this goes on either way.
  }
}

/** SQLite's own number for what went wrong: https://sqlite.org/rescode.html */
function codeOf(cause: unknown): number | undefined {
  return cause instanceof Error && "errcode" in cause ? Number(cause.errcode) & 0xff : undefined;
}

/** Whether another process holds the file: SQLITE_BUSY. */
function isBusy(cause: unknown): boolean {
  return codeOf(cause) === 5;
}

/** Whether more than one statement is at fault. A value that the table refuses is SQLITE_CONSTRAINT; others have no code. */
function endsTransaction(cause: unknown): boolean {
  const code = codeOf(cause);
  return code !== undefined && code !== 19;
}
