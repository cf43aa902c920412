import { describe, expect, it, vi } from "vitest";

import { NoReplyError } from "./no-reply-error.ts";
import { sendOnSchedule } from "./redelivery.ts";
import type { SendResult } from "./send-result.ts";
import { createVirtualClock } from "./virtual-clock.ts";

function answer(status: number): SendResult {
  return { status, outcome: undefined, code: undefined, eventId: undefined, reply: { status, headers: {}, body: "" } };
}

const unreachable = new NoReplyError("http://localhost:9/", new TypeError("fetch failed"));

describe("sendOnSchedule", () => {
  it("stops at the first 2xx and tells when each attempt was made", async () => {
    const send = vi.fn().mockResolvedValueOnce(answer(500)).mockResolvedValueOnce(answer(204));
    const redelivery = await sendOnSchedule([0, 100, 200], createVirtualClock(1_000), send);
    expect(redelivery.accepted).toBe(true);
    expect(redelivery.attempts.map(({ attempt, atMs, status }) => ({ attempt, atMs, status }))).toEqual([
      { attempt: 1, atMs: 1_000, status: 500 },
      { attempt: 2, atMs: 1_100, status: 204 },
    ]);
  });

  it("gives up when the schedule ends", async () => {
    const send = vi.fn().mockResolvedValue(answer(301));
    const { accepted, attempts } = await sendOnSchedule([0, 100], createVirtualClock(0), send);
    expect({ accepted, made: attempts.length }).toEqual({ accepted: false, made: 2 });
  });

  it("makes an attempt late, not twice, when the clock was moved past it", async () => {
    const clock = createVirtualClock(0);
    const send = vi.fn().mockImplementation(async () => {
      await clock.advance(150);
      return answer(500);
    });
    const { attempts } = await sendOnSchedule([0, 100, 500], clock, send);
    expect(attempts.map(({ atMs }) => atMs)).toEqual([0, 150, 500]);
  });

  it("counts an endpoint that is down as an attempt, and tries again", async () => {
    const send = vi.fn().mockRejectedValueOnce(unreachable).mockResolvedValueOnce(answer(200));
    const { accepted, attempts } = await sendOnSchedule([0, 100], createVirtualClock(0), send);
    expect(accepted).toBe(true);
    expect(attempts[0]).toMatchObject({ status: undefined, error: unreachable });
  });

  it("passes any other error on", async () => {
    const send = vi.fn().mockRejectedValue(new TypeError("a mistake in the test"));
    await expect(sendOnSchedule([0, 100], createVirtualClock(0), send)).rejects.toThrow("a mistake in the test");
    expect(send).toHaveBeenCalledTimes(1);
  });
});
