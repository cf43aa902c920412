import type { Claim, Store } from "@hooklatch/core";

/** What a shelf remembers of a key. */
export interface Row {
  status: "running" | "settled" | "released";
  token: string;
  attempt: number;
  endsAtMs: number;
  fingerprint: number;
  /** The process that claims. */
  pid: number;
}

/** Where the rows are. `get` answers a copy. */
export interface Rows {
  get(key: string): Row | undefined;
  set(key: string, row: Row): void;
  /** Keeps others out while it runs. */
  alone<Value>(work: () => Value): Value;
}

/** What can be wrong with a shelf, one piece at a time. */
export interface Pieces {
  readonly nowMs: () => number;
  readonly toKey: (key: string) => string;
  readonly toPrint: (fingerprint: number) => number;
  readonly toToken: (row: Pick<Row, "attempt">) => string;
  /** Whether a claim stands in the way of others. */
  readonly isTaken: (row: Row, nowMs: number) => boolean;
  readonly isHeld: (row: Row, token: string, nowMs: number) => boolean;
  readonly countNext: (row: Row, nowMs: number) => number;
  /** Between the look at a row and its change. */
  readonly pause: () => void | Promise<void>;
  readonly renewed: (row: Row, endsAtMs: number) => Row;
  readonly settled: (row: Row, endsAtMs: number) => Row;
  readonly released: (row: Row) => Row;
  /** What a claim that is not granted leaves behind. */
  readonly refused: (row: Row, fingerprint: number) => Row;
  readonly isConflict: (row: Row, fingerprint: number) => boolean;
  readonly close: () => void;
}

let lastToken = 0;

const sound: Pieces = {
  nowMs: () => Date.now(),
  toKey: (key) => key,
  toPrint: (fingerprint) => fingerprint,
  toToken: () => `${process.pid}-${++lastToken}`,
  isTaken: ({ status, endsAtMs }, nowMs) => status !== "released" && endsAtMs > nowMs,
  isHeld: (row, token, nowMs) => row.status === "running" && row.token === token && row.endsAtMs > nowMs,
  countNext: ({ status, attempt, endsAtMs }, nowMs) => (status === "settled" && endsAtMs <= nowMs ? 1 : attempt + 1),
  pause: () => {},
  renewed: (row, endsAtMs) => ({ ...row, endsAtMs }),
  settled: (row, endsAtMs) => ({ ...row, status: "settled", endsAtMs }),
  released: (row) => ({ ...row, status: "released" }),
  refused: (row) => row,
  isConflict: (row, fingerprint) => row.fingerprint !== fingerprint,
  close: () => {},
};

/** A store that keeps the contract, but for what is changed. */
export function createShelf(rows: Rows, change: Partial<Pieces> = {}): Store {
  const pieces = { ...sound, ...change };

  function update(key: string, token: string, next: (row: Row, nowMs: number) => Row): boolean {
    return rows.alone(() => {
      const [name, nowMs] = [pieces.toKey(key), pieces.nowMs()];
      const row = rows.get(name);
      if (row === undefined || !pieces.isHeld(row, token, nowMs)) return false;
      rows.set(name, next(row, nowMs));
      return true;
    });
  }

  function answer(row: Row, fingerprint: number, nowMs: number): Claim {
    const conflict = pieces.isConflict(row, pieces.toPrint(fingerprint));
    if (row.status === "settled") return { status: "duplicate", conflict };
    return { status: "busy", conflict, retryAfterMs: row.endsAtMs - nowMs };
  }

  function grant(key: string, leaseMs: number, fingerprint: number, known: Row | undefined): Claim {
    const nowMs = pieces.nowMs();
    const attempt = known === undefined ? 1 : pieces.countNext(known, nowMs);
    const token = pieces.toToken({ attempt });
    const print = pieces.toPrint(fingerprint);
    const running = { status: "running", token, attempt, endsAtMs: nowMs + leaseMs, pid: process.pid } as const;
    rows.set(key, { ...running, fingerprint: print });
    return { status: "new", token, attempt };
  }

  return {
    claim(key, leaseMs, fingerprint) {
      const name = pieces.toKey(key);
      return rows.alone(() => {
        const [known, nowMs] = [rows.get(name), pieces.nowMs()];
        if (known !== undefined && pieces.isTaken(known, nowMs)) {
          rows.set(name, pieces.refused(known, fingerprint));
          return answer(known, fingerprint, nowMs);
        }
        const paused = pieces.pause();
        const then = (): Claim => grant(name, leaseMs, fingerprint, known);
        return paused === undefined ? then() : paused.then(then);
      });
    },
    renew: async (key, token, leaseMs) => update(key, token, (row, nowMs) => pieces.renewed(row, nowMs + leaseMs)),
    settle: async (key, token, keepMs) => update(key, token, (row, nowMs) => pieces.settled(row, nowMs + keepMs)),
    async release(key, token) {
      update(key, token, pieces.released);
    },
    close: () => pieces.close(),
  };
}

/** Rows in memory. */
export function memoryRows(map = new Map<string, Row>()): Rows {
  return {
    get: (key) => map.get(key),
    set: (key, row) => void map.set(key, row),
    alone: (work) => work(),
  };
}
