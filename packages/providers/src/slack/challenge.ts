import type { BodyObject, Reply } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";

/** Slack's own are about 50 letters and digits. */
const challengeForm = /^[\w.~+/=-]{1,256}$/;

/**
 * Answers the body by which Slack tests an address. It is signed as every other body is; still nothing goes back that a
 * browser could take for more than a word.
 *
 * @throws {RejectedError} `ERR_EVENT_UNREADABLE` for a challenge that is none
 */
export function answerChallenge({ type, challenge }: BodyObject): Reply | undefined {
  if (type !== "url_verification") return undefined;
  if (typeof challenge !== "string" || !challengeForm.test(challenge)) {
    throw new RejectedError(
      "ERR_EVENT_UNREADABLE",
      "The challenge is missing, too long or not made of plain characters.",
    );
  }
  return {
    status: 200,
    headers: { "content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff" },
    body: challenge,
  };
}
