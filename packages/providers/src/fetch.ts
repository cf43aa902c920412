/** As much of the standard `fetch` as is needed. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchAnswer>;

/** What a {@link Fetch} is asked for. */
export interface FetchRequest {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly headers?: Record<string, string>;
  /** JSON, where there is any. */
  readonly body?: string;
  readonly redirect: "error";
  readonly signal: AbortSignal;
}

/** As much of a standard `Response` as is needed. */
export interface FetchAnswer {
  readonly status: number;
  readonly redirected?: boolean;
  readonly body: AsyncIterable<Uint8Array> | null;
}
