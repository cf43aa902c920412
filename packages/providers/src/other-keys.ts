import { ConfigError } from "@hooklatch/core/errors";

/** Keys or secrets that are known but not accepted, by a name for each. */
export type OtherKeys = Readonly<Record<string, string>>;

interface OtherKeysHint {
  /** Says what a text is that can be no secret of this platform. */
  readonly mistakenFor?: (secret: string) => string | undefined;
  /** Where the keys are found. */
  readonly help?: string;
}

/**
 * Reads `otherKeys` out of a provider's options, in the form a scheme takes them. A bad one shows at start-up and is
 * named, not when a diagnosis is wanted.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`, `ERR_SECRET_MISSING`, `ERR_KEY_INVALID`
 */
export function readOtherKeys(
  { otherKeys }: { readonly otherKeys?: OtherKeys },
  { mistakenFor, help = "Check that it is the text which the platform shows." }: OtherKeysHint = {},
): { readonly otherKeys?: OtherKeys } {
  if (otherKeys === undefined) return {};
  if (typeof otherKeys !== "object" || otherKeys === null || Array.isArray(otherKeys)) {
    throw new ConfigError(
      "ERR_OPTION_INVALID",
      'otherKeys must be an object of keys by name, such as { "test mode": … }.',
    );
  }
  for (const [name, key] of Object.entries<unknown>(otherKeys)) {
    const option = `otherKeys[${JSON.stringify(name)}]`;
    if (key === undefined || key === null) throw missing(`${option} is ${key}`);
    if (typeof key !== "string") throw new ConfigError("ERR_KEY_INVALID", `${option} is not a text.`, { help });
    if (key.trim() === "") throw missing(`${option} is blank`);
    const mistake = mistakenFor?.(key.trim());
    if (mistake !== undefined) throw new ConfigError("ERR_KEY_INVALID", `${option} is ${mistake}.`, { help });
  }
  return { otherKeys };
}

function missing(what: string): ConfigError {
  return new ConfigError("ERR_SECRET_MISSING", `${what}; did you set its environment variable?`, {
    help: "These keys only serve to explain refusals. Leave the name out where there is no such key.",
  });
}
