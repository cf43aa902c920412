import { ConfigError } from "@hooklatch/core/errors";

/** A topic as Shopify writes it: `orders/create`, `customer.tags_added`. */
export function isTopic(text: unknown): text is string {
  return typeof text === "string" && /^[a-z0-9_]{1,80}[/.][a-z0-9_]{1,80}$/.test(text);
}

/**
 * Reads the option `topics`. What the types promise, a configuration file may not hold.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID`
 */
export function readTopicList(options: { readonly topics?: readonly unknown[] }): ReadonlySet<string> | undefined {
  // One that is there but undefined is a forgotten setting, and would take every topic.
  if (!Object.hasOwn(options, "topics")) return undefined;
  const { topics } = options;
  if (Array.isArray(topics) && topics.length > 0 && topics.every(isTopic)) return new Set(topics);
  throw new ConfigError("ERR_OPTION_INVALID", "shopify: topics must list one topic or more, such as orders/paid.", {
    help: "Write each as Shopify does, without patterns. Leave the option out to take every topic.",
  });
}
