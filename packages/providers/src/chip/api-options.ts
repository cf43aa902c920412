import { ConfigError } from "@hooklatch/core/errors";

import type { Fetch, FetchRequest } from "../fetch.ts";

/** Where CHIP's API stands, for test keys and live keys alike. */
const defaultBaseUrl = "https://gate.chip-in.asia/api/v1";

/** How CHIP's API is reached. */
export interface ChipApiOptions {
  /** The secret key of CHIP's API. It is sent to `baseUrl` and nowhere else, and stands in no error. */
  readonly token: string;
  /** Default: `https://gate.chip-in.asia/api/v1`. MUST be https, except on this machine. */
  readonly baseUrl?: string;
  /** Default: the global `fetch`. */
  readonly fetch?: Fetch;
}

/** What every request to the API needs. */
export interface ApiAccess {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly token: string;
  readonly headers: { readonly accept: string; readonly authorization: string };
  readonly fetch: Fetch;
}

/**
 * Checks the options at start-up and makes of them what every request needs.
 *
 * @param prefix what stands before an option's name in an error, such as `companyKey.`
 * @throws {ConfigError} `ERR_SECRET_MISSING`, `ERR_OPTION_INVALID`
 */
export function readApiOptions(options: ChipApiOptions, prefix = ""): ApiAccess {
  const baseUrl = readBaseUrl(options.baseUrl ?? defaultBaseUrl, `${prefix}baseUrl`);
  const token = readToken(options.token, `${prefix}token`);
  return {
    baseUrl,
    token,
    headers: { accept: "application/json", authorization: `Bearer ${token}` },
    // Looked up late, so that a tool which replaces the global one is heeded.
    fetch: options.fetch ?? ((url: string, request: FetchRequest) => globalThis.fetch(url, request)),
  };
}

function readToken(token: unknown, name: string): string {
  if (typeof token !== "string" || token.trim() === "") {
    const what = typeof token === "string" ? "blank" : typeof token;
    throw new ConfigError("ERR_SECRET_MISSING", `${name} is ${what}; did you set CHIP_SECRET_KEY?`);
  }
  // A fetch would refuse such a header with an error that quotes it.
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new ConfigError("ERR_OPTION_INVALID", `${name} holds a space, a line break or a character beyond ASCII.`);
  }
  return token;
}

function readBaseUrl(baseUrl: unknown, name: string): string {
  const url = typeof baseUrl === "string" && URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isLocal = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  if (url === undefined || (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal))) {
    throw new ConfigError("ERR_OPTION_INVALID", `${name} is not an https URL.`, {
      help: "Leave it out for CHIP's own. The token is sent there, so it must not travel in clear text.",
    });
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new ConfigError("ERR_OPTION_INVALID", `${name} holds more than a host and a path.`);
  }
  return url.href.replace(/\/+$/, "");
}
