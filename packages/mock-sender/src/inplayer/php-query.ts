import type { InPlayerForm, InPlayerFormValue } from "@hooklatch/providers/inplayer";

/** Writes a form as PHP's `http_build_query` does: `a[b]=c d` becomes `a%5Bb%5D=c+d`. An empty list or object is left out. */
export function toPhpQuery(form: InPlayerForm): string {
  return pairsOf(form)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join("&");
}

/** The items of a list are named by their numbers. */
function pairsOf(
  form: Exclude<InPlayerFormValue, string>,
  parent?: string,
): readonly (readonly [name: string, text: string])[] {
  return Object.entries(form).flatMap(([key, value]: readonly [string, InPlayerFormValue | undefined]) => {
    const name = parent === undefined ? key : `${parent}[${key}]`;
    if (value === undefined) return [];
    return typeof value === "string" ? [[name, value] as const] : pairsOf(value, name);
  });
}

/** PHP's `urlencode` leaves letters, digits and `-_.` alone, and writes a space as `+`. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}
