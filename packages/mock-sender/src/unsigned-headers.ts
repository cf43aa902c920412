type Fields = Readonly<Record<string, unknown>>;

/** A payload taken apart: what its platform signs, and what goes into headers. */
export function splitUnsigned(payload: unknown): { readonly body: unknown; readonly unsigned: Fields } {
  if (!isFields(payload)) return { body: payload, unsigned: {} };
  const { unsigned, ...body } = payload;
  return { body, unsigned: isFields(unsigned) ? unsigned : {} };
}

/** The headers that have a value; an override can take one away. */
export function definedHeaders(headers: Fields): Readonly<Record<string, string>> {
  const isText = (entry: [string, unknown]): entry is [string, string] => typeof entry[1] === "string";
  return Object.fromEntries(Object.entries(headers).filter(isText));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
