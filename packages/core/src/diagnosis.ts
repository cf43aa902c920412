/** What is most likely behind a refused delivery. Each stands in the table of the guide "Why did it fail?". */
export const diagnosisCauses = [
  "address-format",
  "address-proxy",
  "algorithm-claimed",
  "body-base64",
  "body-bom",
  "body-line-endings",
  "body-reserialized",
  "clock-skew",
  "header-renamed",
  "key-id",
  "key-unknown",
  "other-key",
  "other-place",
  "secret-case",
  "secret-encoding",
  "secret-escaped-newlines",
  "secret-quoted",
  "secret-white-space",
  "signature-algorithm",
  "signature-encoding",
  "signature-input",
  "signature-prefix",
  "timestamp-format",
  "token-claim",
  "unknown",
  "url-changed",
] as const;

/** One of `diagnosisCauses`. */
export type DiagnosisCause = (typeof diagnosisCauses)[number];

/** Why a delivery was refused, as far as it can be found out. Holds no secret, no signature and no part of a body. */
export interface Diagnosis {
  readonly cause: DiagnosisCause;
  /** What was found, and what to change; for `unknown`, what was tried. One line, for the operator. */
  readonly message: string;
}

/** Found by what stands in the headers alone, from the vaguest on. Every other cause is proven by the scheme itself. */
const vague: readonly DiagnosisCause[] = [
  "unknown",
  "header-renamed",
  "algorithm-claimed",
  "key-unknown",
  "address-proxy",
  "timestamp-format",
];

/** Of several schemes' answers the one that says most; of equals the first. */
export function mostTellingDiagnosis(diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
  const rank = ({ cause }: Diagnosis): number => (vague.includes(cause) ? vague.indexOf(cause) : vague.length);
  return diagnoses.toSorted((one, other) => rank(other) - rank(one))[0];
}
