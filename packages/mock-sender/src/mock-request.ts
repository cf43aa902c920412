/** One request as plain data, ready to be sent. */
export interface MockRequest {
  readonly method: string;
  /** The full address. A receiver sees its path and query only. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The exact bytes. */
  readonly body: Uint8Array<ArrayBuffer>;
}
