/** One HTTP request from a platform. Nothing in it is decoded and nothing is trusted. */
export interface Delivery {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly remoteAddress?: string;
  /** When the request arrived, in milliseconds since the epoch. */
  readonly receivedAtMs: number;
  /** The exact bytes of the body. */
  readonly body: Uint8Array;
  /**
   * The one value of a header, whatever the case of its name.
   *
   * @throws {RejectedError} `ERR_HEADER_REPEATED` when the request carries it more than once
   */
  header(name: string): string | undefined;
  /** The names of the headers that came, in any case. Only a diagnosis looks at them. */
  headerNames?(): readonly string[];
}

/** A request as an adapter hands it over: its head is there, its body is read when core asks for it. */
export interface IncomingDelivery {
  readonly method: string;
  /** Path and query as received. */
  readonly url: string;
  readonly remoteAddress?: string | undefined;
  readonly body: IncomingBody;
  /** Every value of a header, one entry per header line. The name comes in lower case. */
  headerValues(name: string): readonly string[];
  /** The names of the headers that came, in any case; for `explain()`, which looks for a missing one under others. */
  headerNames?(): readonly string[];
}

/** A request whose body can still be had. */
export type UnreadDelivery = IncomingDelivery & { readonly body: Uint8Array | ByteSource };

/** The exact bytes, a way to get them, or the news that somebody else has already eaten them. */
export type IncomingBody = Uint8Array | ByteSource | ConsumedBody;

/** A body that has not been read yet. */
export interface ByteSource {
  /** Starts the flow. Calls the sink until `end` or `fail`. Core calls it once at most. */
  start(sink: ByteSink): void;
  /** Ends the flow. After this the sink MUST NOT be called. */
  stop(): void;
}

/** Where the bytes of a body go. */
export interface ByteSink {
  readonly chunk: (bytes: Uint8Array) => void;
  readonly end: () => void;
  /** The sender went away before the body was complete. */
  readonly fail: (cause: unknown) => void;
}

/** A body that the host's own parser read before Hooklatch could. */
export interface ConsumedBody {
  /** What the developer should change, naming the line to move. */
  readonly consumed: string;
}
