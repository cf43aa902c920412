import { RejectedError } from "../errors.ts";

/** As PHP's `max_input_vars`. */
const maxFields = 1000;
const maxDepth = 20;

type Branch = Map<string, string | Branch>;
type FormValue = string | readonly FormValue[] | { readonly [key: string]: FormValue };

/**
 * Parses a verified `application/x-www-form-urlencoded` body with PHP brackets: `a[b]=1` is an object, `a[]=1` and
 * `a[0]=1` are lists. Every value is a string; of a repeated name the last counts, as in PHP.
 *
 * @throws {RejectedError} `ERR_BODY_MALFORMED` for a broken escape, more than 1,000 fields or 20 levels
 */
export function parseForm(text: string): Readonly<Record<string, FormValue>> {
  const root: Branch = new Map();
  let fields = 0;
  for (let start = 0; start < text.length;) {
    let end = text.indexOf("&", start);
    if (end === -1) end = text.length;
    if (end > start) {
      if (++fields > maxFields) throw malformed(`has more than ${maxFields} fields`);
      addField(root, text.slice(start, end));
    }
    start = end + 1;
  }
  return toObject(root);
}

/**
 * The value of a form's only field, or `undefined` where the text does not start as such a form. No JSON does: a body
 * that is signed as the one can never be read as the other.
 *
 * @throws {RejectedError} `ERR_BODY_MALFORMED` for a broken escape or a second field
 */
export function readOnlyField(text: string, name: string | undefined): string | undefined {
  if (name === undefined || !text.startsWith(`${name}=`)) return undefined;
  if (text.includes("&")) throw malformed("has more than one field");
  return decode(text.slice(name.length + 1));
}

function addField(root: Branch, field: string): void {
  const equals = field.indexOf("=");
  const name = decode(equals === -1 ? field : field.slice(0, equals));
  const value = equals === -1 ? "" : decode(field.slice(equals + 1));
  const path = readPath(name);
  if (isPolluting(path)) return;
  let branch = root;
  for (const [index, segment] of path.entries()) {
    const key = segment === "" && index > 0 ? nextIndex(branch) : segment;
    if (index === path.length - 1) {
      branch.set(key, value);
    } else {
      let next = branch.get(key);
      if (!(next instanceof Map)) {
        next = new Map();
        branch.set(key, next);
      }
      branch = next;
    }
  }
}

/** One past the greatest number, so that `a[1]=x&a[]=y` loses nothing. */
function nextIndex(branch: Branch): string {
  let next = 0;
  for (const key of branch.keys()) {
    if (/^\d{1,15}$/.test(key)) next = Math.max(next, Number(key) + 1);
  }
  return String(next);
}

/** `a[b][]` → `["a", "b", ""]`. What is not balanced is a name like any other, as in PHP. */
function readPath(name: string): readonly string[] {
  const open = name.indexOf("[");
  if (open <= 0 || !name.endsWith("]")) return [name];
  const segments = name.slice(open + 1, -1).split("][", maxDepth + 1);
  if (segments.length > maxDepth) throw malformed(`is nested deeper than ${maxDepth} levels`);
  return [name.slice(0, open), ...segments];
}

function isPolluting(path: readonly string[]): boolean {
  return path.some((key, index) => key === "__proto__" || (key === "prototype" && path[index - 1] === "constructor"));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw malformed("has a broken percent escape");
  }
}

function toObject(branch: Branch): Readonly<Record<string, FormValue>> {
  return Object.fromEntries([...branch].map(([key, value]) => [key, toValue(value)]));
}

function toValue(value: string | Branch): FormValue {
  if (typeof value === "string") return value;
  const isList = [...value.keys()].every((key, index) => key === String(index));
  return isList ? [...value.values()].map(toValue) : toObject(value);
}

function malformed(what: string): RejectedError {
  return new RejectedError("ERR_BODY_MALFORMED", `The body is signed correctly, but as a form it ${what}.`);
}
