import { describe, expect, it } from "vitest";

import { createReporter } from "../src/reporter.ts";
import type { Scene } from "../src/scenes.ts";

const scene: Scene = { event: "purchase.paid", sent: "signed", expect: [200], play: async () => [] };
const shown = (status: number) => [{ status, outcome: undefined, code: undefined }];

/** What a reporter writes, to a terminal or not. */
function capture(isTTY: boolean, use: (reporter: ReturnType<typeof createReporter>) => void): string {
  let written = "";
  use(createReporter({ isTTY, write: (text) => (written += text) }));
  return written;
}

describe("the reporter", () => {
  it("keeps a progress line on a terminal and wipes it before each row", () => {
    const text = capture(true, (reporter) => {
      reporter.progress(1, 23, "purchase.paid");
      reporter.row(scene, shown(200), 1);
    });
    expect(text).toContain("1/23 sending purchase.paid");
    expect(text.split("\r\u001b[K").at(-1)).toContain("✓");
  });

  it("writes neither progress nor colours to a pipe", () => {
    const text = capture(false, (reporter) => {
      reporter.progress(1, 23, "purchase.paid");
      reporter.row(scene, shown(200), 1);
    });
    expect(text).toMatch(/^✓ purchase\.paid/);
    expect(text).not.toContain("\u001b");
  });

  it("marks a row with another status and answers with exit code 1", () => {
    let code = 0;
    const text = capture(false, (reporter) => {
      reporter.row(scene, shown(500), 1);
      code = reporter.finish([]);
    });
    expect(text).toContain("✗ purchase.paid");
    expect(code).toBe(1);
  });

  it("answers with exit code 1 when an order was shipped twice", () => {
    let code = 0;
    capture(false, (reporter) => {
      code = reporter.finish(["shipped order-1", "shipped order-1"]);
    });
    expect(code).toBe(1);
  });
});
