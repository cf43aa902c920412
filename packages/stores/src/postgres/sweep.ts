import type { Row } from "./postgres-client.ts";

/** A sweep for every so many new claims, and how many pages of 8 KiB each looks at: about 500 rows. */
const claimsPerSweep = 64;
const pagesPerSweep = 8;

/** Removes what has expired, a few pages of the table at a time. */
export interface Sweep {
  /** Counts a claim, and starts a sweep when it is time for one. Nobody waits for it. */
  count(): void;
  /** Starts no more, and waits for the one that runs. */
  stop(): Promise<void>;
}

/**
 * Goes round the table page by page as rows are added to it: each claim has eight times as many rows looked at as it adds. So
 * no index on the end of rows is needed, and a settle need not touch any index.
 */
export function createSweep(sweepPages: (firstPage: number, pages: number) => Promise<readonly Row[]>): Sweep {
  let claims = 0;
  let nextPage: number | undefined;
  let isStopped = false;
  let hasWarned = false;
  let running: Promise<void> | undefined;

  async function sweep(): Promise<void> {
    try {
      const first = nextPage ?? 0;
      const [row] = await sweepPages(first, pagesPerSweep);
      const pages = Number(row?.pages ?? 0);
      // Processes that restart often, or are many, must not all sweep the same end.
      nextPage = nextPage === undefined ? Math.floor(Math.random() * pages) : first + pagesPerSweep;
      if (nextPage >= pages) nextPage = 0;
    } catch (cause) {
      if (!hasWarned && !isStopped) warn(cause);
      hasWarned = true;
    } finally {
      running = undefined;
    }
  }

  return {
    count() {
      if (++claims < claimsPerSweep || running !== undefined || isStopped) return;
      claims = 0;
      running = sweep();
    },
    async stop() {
      isStopped = true;
      await running;
    },
  };
}

/** What has expired counts as gone even where it is still there: this costs room, and no event. */
function warn(cause: unknown): void {
  const reason = cause instanceof Error ? cause.message : "unknown";
  process.emitWarning(`postgresStore could not remove expired ids, and tries again later: ${reason}`, {
    type: "HooklatchWarning",
    code: "HOOKLATCH_SWEEP_FAILED",
  });
}
