import colors from "picocolors";

import type { Scene, Shown } from "./scenes.ts";

const widths = { event: 36, sent: 38, status: 12, time: 9 } as const;
const clearLine = "\r\u001b[K";

/** Where the demo is shown: standard output, most often. */
export interface Output {
  /** Set on a terminal. */
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows the demo: a row per scene, a progress line below them on a terminal, a summary at the end. */
export interface Reporter {
  start(title: string): void;
  progress(position: number, total: number, event: string): void;
  row(scene: Scene, results: readonly Shown[], tookMs: number): void;
  /** Answers with the exit code. */
  finish(journal: readonly string[]): number;
}

/** Writes to a terminal with colours and a progress line, to anything else as plain text. */
export function createReporter(out: Output): Reporter {
  const { bold, dim, green, red } = colors.createColors(out.isTTY === true && colors.isColorSupported);
  const startedAt = performance.now();
  let deliveries = 0;
  let scenes = 0;
  let surprises = 0;

  const line = (text: string): void => {
    out.write(`${out.isTTY ? clearLine : ""}${text}\n`);
  };

  return {
    start(title) {
      line(bold(title));
      line("");
      line(dim(`  ${columns("event", "what was sent", "status", "time")}outcome`));
    },
    progress(position, total, event) {
      if (out.isTTY) out.write(`${clearLine}${dim(`  ${position}/${total} sending ${event} …`)}`);
    },
    row({ event, sent, expect }, results, tookMs) {
      scenes++;
      deliveries += results.length;
      const answers = [...new Set(results.map(({ status, outcome: name }) => String(status ?? name)))].toSorted();
      const isExpected = answers.join() === expect.join();
      if (!isExpected) surprises++;
      const cells = columns(
        shorten(event),
        sent,
        countUp(results.map(({ status }) => status ?? "–")),
        `${tookMs.toFixed(1)} ms`,
      );
      const outcome = countUp(
        results.map(({ outcome: name, code }) => (code === undefined ? name : `${name} ${code}`)),
      );
      line(`${isExpected ? green("✓") : red("✗")} ${cells}${outcome}`);
    },
    finish(journal) {
      const shipped = journal.filter((entry) => entry.startsWith("shipped"));
      const twice = shipped.length - new Set(shipped).size;
      line("");
      line(bold(`${deliveries} deliveries in ${scenes} scenes, ${(performance.now() - startedAt).toFixed(0)} ms.`));
      line(
        `${shipped.length} orders were paid for. ${twice === 0 ? "Each was shipped once:" : `${twice} went out twice:`}`,
      );
      for (const entry of shipped) line(dim(`  ${entry}`));
      const isGood = surprises === 0 && twice === 0;
      line(
        isGood ? green("Every delivery was answered as it should be.") : red(`${surprises} rows are not as expected.`),
      );
      return isGood ? 0 : 1;
    },
  };
}

function columns(event: string, sent: string, status: string, time: string): string {
  return (
    `${event.padEnd(widths.event)}  ${sent.padEnd(widths.sent)}  ` +
    `${status.padEnd(widths.status)}  ${time.padStart(widths.time)}  `
  );
}

function shorten(event: string): string {
  return event.length > widths.event ? `${event.slice(0, widths.event - 1)}…` : event;
}

/** `[200, 503, 503]` → `200, 2×503`. */
function countUp(values: readonly (string | number | undefined)[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  return [...counts].map(([value, count]) => (count === 1 ? value : `${count}×${value}`)).join(", ");
}
