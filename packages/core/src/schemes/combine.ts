import type { Delivery } from "../delivery.ts";
import { mostTellingDiagnosis } from "../diagnosis.ts";
import type { Diagnosis } from "../diagnosis.ts";
import { BackendError, ConfigError, RejectedError, WebhookError } from "../errors.ts";
import type { ErrorCode } from "../errors.ts";
import { withoutMessage } from "../printable.ts";
import type { Scheme } from "../scheme.ts";

/**
 * A delivery is proven when every one of the schemes proves it. They are asked in their order; the first refusal counts.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` without a scheme
 */
export function allOf(...schemes: readonly Scheme[]): Scheme {
  assertSchemes(schemes, "allOf");
  return {
    ...toRequirement(schemes.map(setsOf).reduce(joinEach)),
    ...toTolerance(schemes),
    async verify(delivery, nowMs) {
      for (const scheme of schemes) await prove(scheme, delivery, nowMs);
      return delivery.body;
    },
    ...toExplain(schemes, () => schemes),
  };
}

/**
 * A delivery is proven when any one of the schemes proves it; they are asked in their order. For a platform that moves
 * from one scheme to another, or that signs two kinds of deliveries differently. It is as strong as the weakest of them.
 *
 * @throws {ConfigError} `ERR_OPTION_INVALID` without a scheme
 */
export function anyOf(...schemes: readonly Scheme[]): Scheme {
  assertSchemes(schemes, "anyOf");
  return {
    ...toRequirement(schemes.flatMap(setsOf)),
    ...toTolerance(schemes),
    async verify(delivery, nowMs) {
      const refusals: (RejectedError | BackendError)[] = [];
      for (const scheme of schemes) {
        try {
          return await prove(scheme, delivery, nowMs);
        } catch (cause) {
          if (!(cause instanceof RejectedError || cause instanceof BackendError)) throw cause;
          refusals.push(cause);
        }
      }
      // A scheme that could not decide might have said yes: "unavailable", not "refused", so that the platform tries again.
      throw refusals.find((refusal) => refusal instanceof BackendError) ?? mostTelling(refusals);
    },
    ...toExplain(schemes, (delivery) => meantBy(delivery, schemes)),
  };
}

/** Headers that suffice, each set by itself. */
type HeaderSets = readonly (readonly string[])[];

function setsOf({ headers, anyHeaders = [[]] }: Scheme): HeaderSets {
  return anyHeaders.map((names) => [...headers, ...names]);
}

function joinEach(one: HeaderSets, other: HeaderSets): HeaderSets {
  return one.flatMap((names) => other.map((more) => [...names, ...more]));
}

/** What all sets have in common is needed in any case; a set with nothing beyond that leaves no more to ask for. */
function toRequirement(sets: HeaderSets): Pick<Scheme, "headers" | "anyHeaders"> {
  const headers = [...new Set(sets[0])].filter((name) => sets.every((names) => names.includes(name)));
  const rests = sets.map((names) => [...new Set(names)].filter((name) => !headers.includes(name)));
  if (rests.some((names) => names.length === 0)) return { headers };
  const byText = new Map(rests.map((names) => [names.toSorted().join(), names] as const));
  return { headers, anyHeaders: [...byText.values()] };
}

async function prove(scheme: Scheme, delivery: Delivery, nowMs: number): Promise<Uint8Array> {
  let proven: unknown;
  try {
    proven = await scheme.verify(delivery, nowMs);
  } catch (cause) {
    if (cause instanceof WebhookError) throw cause;
    throw new RejectedError("ERR_SCHEME_FAULTY", "A combined scheme threw something that is not a RejectedError.", {
      cause: withoutMessage(cause),
    });
  }
  if (proven === delivery.body) return delivery.body;
  throw new RejectedError("ERR_SCHEME_FAULTY", "A combined scheme did not answer with the bytes it proved.");
}

/** What a scheme says for which the delivery was not meant, from the vaguest on. Every other code says more. */
const vague: readonly ErrorCode[] = ["ERR_SIGNATURE_MISSING", "ERR_SIGNATURE_MALFORMED", "ERR_SIGNATURE_MISMATCH"];

function mostTelling(refusals: readonly Error[]): Error {
  const rank = (error: Error): number => {
    const index = error instanceof RejectedError ? vague.indexOf(error.code) : -1;
    return index === -1 ? vague.length : index;
  };
  return refusals.reduce((best, error) => (rank(error) > rank(best) ? error : best));
}

/** Each is asked, and the answer that says most counts. Those that would not refuse the delivery say nothing. */
function toExplain(
  schemes: readonly Scheme[],
  choose: (delivery: Delivery) => readonly Scheme[],
): Pick<Scheme, "explain"> {
  if (schemes.every((scheme) => !("explain" in scheme))) return {};
  return {
    async explain(delivery, nowMs) {
      const diagnoses: Diagnosis[] = [];
      for (const scheme of choose(delivery)) {
        try {
          diagnoses.push(...[(await scheme.explain?.(delivery, nowMs)) ?? []].flat());
        } catch {
          // It must not throw; what the others say still counts.
        }
      }
      return mostTellingDiagnosis(diagnoses);
    },
  };
}

/** Those whose headers are there. That another one's are missing explains nothing, unless it is so with all of them. */
function meantBy(delivery: Delivery, schemes: readonly Scheme[]): readonly Scheme[] {
  const isThere = (name: string): boolean => {
    try {
      return (delivery.header(name) ?? "") !== "";
    } catch {
      return true; // more than once
    }
  };
  const meant = schemes.filter((scheme) => setsOf(scheme).some((names) => names.every(isThere)));
  return meant.length === 0 ? schemes : meant;
}

function toTolerance(schemes: readonly Scheme[]): Pick<Scheme, "toleranceMs"> {
  const all = schemes.flatMap(({ toleranceMs }) => toleranceMs ?? []);
  return all.length === 0 ? {} : { toleranceMs: Math.max(...all) };
}

function assertSchemes(schemes: readonly Scheme[], name: string): void {
  const isScheme = (scheme: Scheme): boolean => typeof scheme?.verify === "function" && Array.isArray(scheme.headers);
  if (schemes.length > 0 && schemes.every(isScheme)) return;
  throw new ConfigError("ERR_OPTION_INVALID", `${name}: give it one scheme or more.`);
}
