/** Every case of the suite, with the sentence that a test is named by. */
export const caseNames = {
  fixtures: "hands every fixture to the handler of its type, with the payload that the handler is typed for",
  "body-changes": "refuses a change of any one byte of any body, one byte more and one byte less",
  "signature-changes": "refuses each change of one character of each signature and each proper prefix of it",
  "header-changes": "refuses each change of one character of every other header that the scheme needs, and each prefix",
  "signature-forms": "refuses a signature that is missing, empty, repeated or malformed",
  downgrades: "refuses weaker digests, digests without a key or with the public one, and other versions of a signature",
  "foreign-key": "refuses what somebody else signed",
  rotation: "accepts the old and the new key while they are changed, in either order",
  "missing-key": "refuses to start without a key, and accepts nothing while a resolver has none",
  "time-edges": "accepts a signed time up to the tolerance that the scheme tells, either way, and no further",
  "odd-times": "refuses signed times that are no plain number near now",
  "stable-id": "gives an event the same id in every delivery, set up anew and an hour later too",
  "own-id": "gives every event an id of its own",
  "other-endpoints": "lets each endpoint handle an event once, whatever others on the same store did with its id",
  "unsigned-parts": "makes no new event of a captured request whose headers or query are changed",
  "bad-bodies": "answers 4xx to signed bodies that are no object",
  "hostile-bodies": "survives signed bodies that pollute, nest too deep or are not UTF-8",
  "exact-bytes": "proves the bytes as they are: CRLF, escapes, replacement patterns",
} as const;

/** The short name of a case. */
export type ProviderCaseName = keyof typeof caseNames;
