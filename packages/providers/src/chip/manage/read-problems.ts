import { parseJson } from "../chip-http.ts";
import type { ChipApiProblem } from "./chip-api-error.ts";

const wholeRequest = "__all__";
const maxProblems = 20;

/**
 * What an error's body says is wrong. CHIP documents `{"<field or __all__>": {message, code}}`; seen as well are
 * `{"detail": "…"}` and `{"message": "…"}`. Lists and bare texts are read too. Anything else says nothing.
 *
 * @param token is taken out of whatever the API says
 */
export function readProblems(text: string, token: string): readonly ChipApiProblem[] {
  const body = parseJson(text);
  if (!isObject(body)) return [];
  return Object.entries(body)
    .flatMap(([name, value]) => problemsOf(typeof value === "string" ? toWhole(name) : name, value))
    .slice(0, maxProblems)
    .map(({ field, message, code }) => ({
      field: toPlainText(field, token),
      message: toPlainText(message, token),
      ...(code === undefined ? {} : { code: toPlainText(code, token) }),
    }));
}

/** Writes problems for an error's message. */
export function printProblems(problems: readonly ChipApiProblem[]): string {
  return problems
    .map(({ field, message, code }) => {
      const where = field === wholeRequest ? "" : `${field}: `;
      return `${where}"${message}"${code === undefined ? "" : ` (${code})`}`;
    })
    .join("; ");
}

/** A stranger's text fit for a log line: without the token, control characters and line breaks, and not too long. */
export function toPlainText(text: string, token: string): string {
  const clean = text.replaceAll(token, "[token]").replaceAll(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ");
  return clean.length > 200 ? `${clean.slice(0, 200)}…` : clean;
}

/** `detail` and `message` are no fields of a webhook: what stands there is about the request as a whole. */
function toWhole(name: string): string {
  return name === "detail" || name === "message" ? wholeRequest : name;
}

function problemsOf(field: string, value: unknown): readonly ChipApiProblem[] {
  if (Array.isArray(value))
    return value.flatMap((item: unknown) => (Array.isArray(item) ? [] : problemsOf(field, item)));
  if (typeof value === "string") return [{ field, message: value }];
  if (!isObject(value) || typeof value.message !== "string") return [];
  const { message, code } = value;
  return [{ field, message, ...(typeof code === "string" ? { code } : {}) }];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
