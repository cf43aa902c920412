/** Every case of the suite, with the sentence that a test is named by. */
export const caseNames = {
  "exact-bytes": "hands on the bytes as they came: unicode, a byte order mark, NUL, what is no UTF-8, none at all",
  "one-byte-chunks": "puts a body together that comes byte by byte",
  "large-body": "takes a body of 5 MB where the limit allows it, with and without a declared length",
  "body-limit": "refuses what is over the limit: declared, before it is read; undeclared, when it gets there",
  "refused-connection": "ends the connection of a body that was refused half way, in place of taking in the rest",
  "lying-length": "survives a Content-Length that is too small or too large",
  "body-consumed": "says so when the host's own parser was first and left no bytes behind",
  "kept-bytes": "uses the bytes that the host's parser has kept, and no others",
  "header-lines": "finds headers in any case, and refuses a signature that came twice",
  "aborted-sender": "forgets a sender that goes away half way; the same event is handled when it comes again",
  "slow-sender": "gives up a body at its deadline, and handles others meanwhile",
  "reply-length": "counts the bytes of a reply, not its characters",
  methods: "takes POST alone, and answers HEAD without a body",
  paths: "gets nothing that was sent to another path",
  "keep-alive": "keeps the connection for the next delivery after one that was read and refused",
  "own-routes": "leaves the host's other routes, its parser and its error handler as they were",
  "handler-failure": "keeps the failure of a handler from the host's error handler and from the sender",
  "mounted-twice": "is one endpoint on two paths",
  "two-receivers": "keeps two receivers in one app apart",
  url: "hands on path and query as they were sent",
  "query-secret": "lets a secret in the query prove a delivery",
  "remote-address": "hands on the address of the connection, whatever a header says",
  shutdown: "answers a delivery that is under way when the host is told to end",
} as const;

/** The short name of a case. */
export type AdapterCaseName = keyof typeof caseNames;
