/** What of a webhook can be written, as the API names it. */
export interface WebhookFields {
  readonly title: string;
  readonly callback: string;
  readonly events: readonly string[];
  readonly all_events: boolean;
}

/** What is wrong with each field; `__all__` is the request as a whole. */
type FieldErrors = Readonly<Record<string, FieldError>>;

/** What is wrong with one field. The texts and codes are ours: CHIP documents the form, not the words. */
interface FieldError {
  readonly message: string;
  readonly code: string;
}

/** The fields of a webhook, or why they cannot be those of one. */
export type FieldsRead = { readonly fields: WebhookFields } | { readonly errors: FieldErrors };

/**
 * Reads the body of a request that makes or changes a webhook, under the limits that CHIP documents.
 *
 * @param base what holds for fields the body leaves out: the webhook that a `PATCH` changes
 */
export function readWebhookFields(body: unknown, base: Partial<WebhookFields> = {}): FieldsRead {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return { errors: { __all__: { message: "The body is not a JSON object.", code: "parse_error" } } };
  }
  const given: { readonly [Name in keyof WebhookFields]?: unknown } = { ...base, ...body };
  const { title, callback, events = [], all_events: allEvents = false } = given;
  const problems = {
    title: problemOfTitle(title),
    callback: problemOfCallback(callback),
    all_events: typeof allEvents === "boolean" ? undefined : { message: "Must be true or false.", code: "invalid" },
    // CHIP documents that they are ignored then.
    events: allEvents === true ? undefined : problemOfEvents(given.events),
    __all__:
      allEvents !== true && given.events === undefined
        ? { message: "Either events or all_events is needed.", code: "required" }
        : undefined,
  };
  const errors = Object.fromEntries(
    Object.entries(problems).flatMap(([name, error]) => (error === undefined ? [] : [[name, error] as const])),
  );
  if (Object.keys(errors).length > 0) return { errors };
  // Each of them was checked above.
  const fields = { title, callback, events: allEvents === true ? [] : events, all_events: allEvents } as WebhookFields;
  return { fields };
}

function problemOfTitle(title: unknown): FieldError | undefined {
  if (title === undefined || title === "") return required;
  if (typeof title !== "string") return notText;
  return problemOfLength(title, 100);
}

function problemOfCallback(callback: unknown): FieldError | undefined {
  if (callback === undefined || callback === "") return required;
  if (typeof callback !== "string") return notText;
  const protocol = URL.parse(callback)?.protocol;
  if (protocol !== "https:" && protocol !== "http:") return { message: "Enter a valid URL.", code: "invalid" };
  return problemOfLength(callback, 500);
}

function problemOfEvents(events: unknown): FieldError | undefined {
  if (events === undefined) return undefined;
  if (!Array.isArray(events) || events.some((name) => typeof name !== "string")) {
    return { message: "Must be a list of texts.", code: "invalid" };
  }
  if (events.length === 0) return { message: "Name at least one event.", code: "empty" };
  if (new Set(events).size < events.length) return { message: "Name each event once.", code: "unique" };
  return undefined;
}

function problemOfLength(text: string, max: number): FieldError | undefined {
  if (Array.from(text).length <= max) return undefined;
  return { message: `At most ${max} characters.`, code: "max_length" };
}

const required: FieldError = { message: "This field is required.", code: "required" };
const notText: FieldError = { message: "Must be a text.", code: "invalid" };
