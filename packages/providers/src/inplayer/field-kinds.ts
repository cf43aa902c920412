import type { BodyObject } from "@hooklatch/core";

/** What the text of a field stands for. Each reader answers `undefined` for a text that is none of its kind. */
const readers = {
  text: (text: string): string | undefined => text,
  /** Only the one spelling that `String` gives: `007`, `1e3` and what lies beyond 2^53 would not come back as they were. */
  integer(text: string): number | undefined {
    const value = Number(text);
    return Number.isSafeInteger(value) && String(value) === text ? value : undefined;
  },
  /** At most 15 digits: a double keeps all of them. */
  decimal(text: string): number | undefined {
    const isDecimal = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) && text.replaceAll(/\D/g, "").length <= 15;
    // The sum makes 0 of -0.
    return isDecimal ? Number(text) + 0 : undefined;
  },
  boolean(text: string): boolean | undefined {
    if (text === "true" || text === "1") return true;
    return text === "false" || text === "0" ? false : undefined;
  },
};

/** The kind of a field: what its text is turned into. */
type FieldKind = keyof typeof readers;

/** Fields by name, each with its kind. Both the type of a resource and its conversion are made of this. */
export type Fields = Readonly<Record<string, FieldKind>>;

/**
 * What is made of such fields. Each is optional: InPlayer may leave it out, and a text that is none of its kind is left
 * out of the result.
 */
export type ValuesOf<Given extends Fields> = {
  readonly [Name in keyof Given]?: Exclude<ReturnType<(typeof readers)[Given[Name]]>, undefined>;
};

/** Fields with their values, and the names of those that had a text of another kind. */
export interface Converted {
  readonly values: BodyObject;
  readonly misfits: readonly string[];
}

/**
 * Turns texts into the values of their fields' kinds. A field that is not listed stays as it is. An empty text where a
 * number or a boolean belongs means that there is none.
 */
export function convertFields(fields: Fields, form: BodyObject): Converted {
  const values: [string, unknown][] = [];
  const misfits: string[] = [];
  for (const [name, given] of Object.entries(form)) {
    const kind = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (kind === undefined) values.push([name, given]);
    else if (given === "" && kind !== "text") continue;
    else {
      const value = typeof given === "string" ? readers[kind](given) : undefined;
      if (value === undefined) misfits.push(name);
      else values.push([name, value]);
    }
  }
  return { values: Object.fromEntries(values), misfits };
}
