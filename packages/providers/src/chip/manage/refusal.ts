import { parseJson } from "../chip-http.ts";
import { ChipApiError } from "./chip-api-error.ts";
import { printProblems, readProblems, toPlainText } from "./read-problems.ts";

/** An answer that is no 2xx, and what it answers. */
export interface Refusal {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly text: string;
  readonly token: string;
  readonly tries: number;
}

/** Makes the error of an answer that is no 2xx: what was asked, the status, what CHIP says, and what to check. */
export function toRefusal(refusal: Refusal): ChipApiError {
  const { method, path, status, text, token, tries } = refusal;
  const problems = readProblems(text, token);
  const verdict = status >= 500 ? "failed" : "was refused";
  const times = tries > 1 ? `, tried ${tries} times` : "";
  const parts = [`${verdict} with ${status}${times}.`, whatIsSaid(problems, toPlainText(text, token)), help(refusal)];
  return new ChipApiError(`${method} ${path}`, parts.filter((part) => part !== "").join(" "), {
    status,
    problems,
    mayHaveSucceeded: method === "POST" && status >= 500,
  });
}

function whatIsSaid(problems: ChipApiError["problems"], excerpt: string): string {
  if (problems.length > 0) return `CHIP says: ${printProblems(problems)}.`;
  return excerpt.trim() === "" ? "" : `The answer begins with ${JSON.stringify(excerpt)}.`;
}

function help({ path, status, text }: Refusal): string {
  if (status === 401 || status === 403) {
    return "Check token: it is a secret key from Developers, API keys; keys for test and for live differ.";
  }
  if (status === 404) {
    return /^\/webhooks\/./.test(path)
      ? "No webhook of this key has this id: a test key knows test webhooks only, a live key live ones."
      : "Check baseUrl: it is the root of CHIP's API and ends with /api/v1.";
  }
  if (status === 429) return `Too many requests: wait ${waitOf(text)} and try again.`;
  return "";
}

function waitOf(text: string): string {
  const body = parseJson(text);
  const seconds: unknown = typeof body === "object" && body !== null ? Reflect.get(body, "retry_after") : undefined;
  return typeof seconds === "number" && seconds > 0 ? `${seconds} seconds` : "a while";
}
