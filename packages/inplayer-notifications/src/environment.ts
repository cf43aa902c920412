import { ConfigError } from "@hooklatch/core/errors";

/** Where InPlayer's notifications come from. */
export interface NotificationsEnvironment {
  /** Gives out temporary credentials. MUST be https, except on this machine. */
  readonly credentialsUrl: string;
  /** The broker's WebSocket. MUST be wss, except on this machine. Default: on the host that the credentials name. */
  readonly brokerUrl?: string;
}

const known = {
  production: { credentialsUrl: "https://notifications.inplayer.com/iot/keys" },
  staging: { credentialsUrl: "https://staging-notifications.inplayer.com/iot/keys" },
} as const satisfies Readonly<Record<string, NotificationsEnvironment>>;

/** The environments of InPlayer that have a name. */
export type EnvironmentName = keyof typeof known;

/** @throws {ConfigError} `ERR_OPTION_INVALID` */
export function readEnvironment(given: EnvironmentName | NotificationsEnvironment): NotificationsEnvironment {
  if (typeof given === "string") {
    if (Object.hasOwn(known, given)) return known[given];
    throw new ConfigError("ERR_OPTION_INVALID", "environment is neither production, staging nor an object.");
  }
  const { credentialsUrl, brokerUrl } = given;
  assertSafe(credentialsUrl, "environment.credentialsUrl", "https:");
  if (brokerUrl === undefined) return { credentialsUrl };
  assertSafe(brokerUrl, "environment.brokerUrl", "wss:");
  return { credentialsUrl, brokerUrl };
}

/** What is sent there must not travel in clear text. */
function assertSafe(given: unknown, name: string, protocol: "https:" | "wss:"): void {
  const url = typeof given === "string" && URL.canParse(given) ? new URL(given) : undefined;
  const isLocal = url !== undefined && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  const isSafe = url?.protocol === protocol || (isLocal && url.protocol === protocol.replace("s:", ":"));
  if (!isSafe) throw new ConfigError("ERR_OPTION_INVALID", `${name} is not a URL that begins with ${protocol}//.`);
  if (url.username === "" && url.password === "" && url.search === "" && url.hash === "") return;
  throw new ConfigError("ERR_OPTION_INVALID", `${name} holds more than a host and a path.`);
}
