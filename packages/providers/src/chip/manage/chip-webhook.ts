/** A webhook as CHIP keeps it. */
export interface ChipWebhook {
  readonly id: string;
  readonly title: string;
  /** Where CHIP delivers to. */
  readonly callback: string;
  /** What it delivers, unless `allEvents` is true. */
  readonly events: readonly string[];
  readonly allEvents: boolean;
  /** The PEM that proves its deliveries: the `publicKey` of `chip()`. */
  readonly publicKey: string;
  /** ISO 8601 in UTC. */
  readonly createdAt?: string;
  /** ISO 8601 in UTC. */
  readonly updatedAt?: string;
}

/** Reads a webhook out of an answer; `undefined` when it is none, or has no key. */
export function readWebhook(answer: unknown): ChipWebhook | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  const read = (name: string): unknown => (Object.hasOwn(answer, name) ? Reflect.get(answer, name) : undefined);
  const [id, callback, publicKey] = [read("id"), read("callback"), read("public_key")];
  if (typeof id !== "string" || typeof callback !== "string") return undefined;
  if (typeof publicKey !== "string" || !publicKey.includes("-----BEGIN ")) return undefined;
  const [title, events] = [read("title"), read("events")];
  return {
    id,
    title: typeof title === "string" ? title : "",
    callback,
    events: Array.isArray(events) ? events.filter((name: unknown) => typeof name === "string") : [],
    allEvents: read("all_events") === true,
    publicKey,
    ...readTime("createdAt", read("created_on")),
    ...readTime("updatedAt", read("updated_on")),
  };
}

function readTime<Name extends string>(name: Name, seconds: unknown): { readonly [Key in Name]?: string } {
  const date = new Date(typeof seconds === "number" ? seconds * 1000 : Number.NaN);
  // A computed name is `string` to the compiler; it is `Name`.
  return Number.isNaN(date.getTime()) ? {} : ({ [name]: date.toISOString() } as { readonly [Key in Name]?: string });
}
