/** Every case of the suite, with the sentence that a test is named by. */
export const caseNames = {
  "one-winner": "grants one of 200 claims of a key at once, over several connections, and answers busy to the rest",
  "one-winner-elsewhere": "does so over 4 processes of the operating system",
  settled: "answers duplicate from the settlement on, to everybody",
  "keep-time": "remembers what was settled for keepMs, and then no longer",
  released: "grants a released key at once and counts the attempt",
  "lease-end": "hands a claim over when its lease has ended, not before, and counts the attempt",
  fencing: "takes nothing from the holder of an old token: no settlement, no renewal, no release",
  renewal: "prolongs a lease from now on, and not one that has ended",
  attempts: "counts attempts on, whatever became of them, until the event was handled",
  conflict: "tells another fingerprint of a running and of a settled event, and keeps the first",
  keys: "tells keys apart byte by byte: case, blanks, unicode forms, NUL, one byte and ten thousand",
  independence: "lets claims of different keys be, many at a time",
  close: "can be closed twice, and a second connection goes on",
  "other-processes": "shares what is settled and what is running with other processes",
  "own-clock": "keeps time by its own clock, also for a process whose clock is an hour ahead",
  "dead-process": "gives the key of a process that was killed to the next one when the lease ends",
  outage: "fails in bounded time while its server is away, says nothing false, and works again without a restart",
} as const;

/** The short name of a case. */
export type StoreCaseName = keyof typeof caseNames;
