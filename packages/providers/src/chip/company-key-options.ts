import { ConfigError } from "@hooklatch/core/errors";

/** Where CHIP's API stands, for test keys and live keys alike. */
const defaultBaseUrl = "https://gate.chip-in.asia/api/v1";

/** How the company key is fetched. */
export interface CompanyKeyOptions {
  /** The secret key of CHIP's API. It is sent to `baseUrl` and nowhere else, and stands in no error. */
  readonly token: string;
  /** Default: `https://gate.chip-in.asia/api/v1`. MUST be https, except on this machine. */
  readonly baseUrl?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

/** As much of the standard `fetch` as is needed. */
export type Fetch = (url: string, request: FetchRequest) => Promise<FetchAnswer>;

/** What a {@link Fetch} is asked for. */
export interface FetchRequest {
  readonly method: "GET";
  readonly headers: Record<string, string>;
  readonly redirect: "error";
  readonly signal: AbortSignal;
}

/** As much of a standard `Response` as is needed. */
export interface FetchAnswer {
  readonly status: number;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * Checks the options at start-up and makes of them what every request needs.
 *
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_OPTION_INVALID`
 */
export function readCompanyKeyOptions(options: CompanyKeyOptions) {
  return {
    url: `${readBaseUrl(options.baseUrl ?? defaultBaseUrl)}/public_key/`,
    headers: { accept: "application/json", authorization: `Bearer ${readToken(options.token)}` },
    // Looked up late, so that a tool which replaces the global one is heeded.
    fetch: options.fetch ?? ((url: string, request: FetchRequest) => globalThis.fetch(url, request)),
  };
}

function readToken(token: unknown): string {
  if (typeof token !== "string" || token.trim() === "") {
    const what = typeof token === "string" ? "blank" : typeof token;
    throw new ConfigError("ERR_SECRET_MISSING", `companyKey.token is ${what}; did you set CHIP_SECRET_KEY?`);
  }
  // A fetch would refuse such a header with an error that quotes it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ConfigError(
      "ERR_OPTION_INVALID",
      "companyKey.token holds a space, a line break or a character beyond ASCII.",
    );
  }
  return token;
}

function readBaseUrl(baseUrl: unknown): string {
  const url = typeof baseUrl === "string" && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isLocal = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal))) {
    throw new ConfigError("ERR_OPTION_INVALID", "companyKey.baseUrl is not an https URL.", {
      help: "Leave it out for CHIP's own. The token is sent there, so it must not travel in clear text.",
    });
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new ConfigError("ERR_OPTION_INVALID", "companyKey.baseUrl holds more than a host and a path.");
  }
  return url.href.replace(/\/+$/, "");
}
