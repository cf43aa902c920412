import { toCases } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { createBench } from "./bench.ts";
import type { Bench } from "./bench.ts";
import { caseNames } from "./case-names.ts";
import type { ProviderCaseName } from "./case-names.ts";
import { badBodies, exactBytes, hostileBodies } from "./cases/bodies.ts";
import { downgrades } from "./cases/downgrades.ts";
import { fixtures } from "./cases/fixtures.ts";
import { otherEndpoints, ownId, stableId, unsignedParts } from "./cases/identity.ts";
import { foreignKey, missingKey, rotation } from "./cases/keys.ts";
import { signatureForms } from "./cases/signature-forms.ts";
import { bodyChanges, headerChanges, signatureChanges } from "./cases/tampering.ts";
import { oddTimes, timeEdges } from "./cases/time.ts";
import type { ProviderConformanceOptions } from "./options.ts";

/**
 * The suite that every provider must pass, for any test runner. Nothing is made before the first case runs.
 *
 * @example
 *   for (const { name, run } of providerConformance({ mock: parcelMock, signature: { header: "x-parcel-signature" } })) {
 *     test(name, run);
 *   }
 */
export function providerConformance<Events, Credentials>(
  options: ProviderConformanceOptions<Events, Credentials>,
): readonly ConformanceCase[] {
  let shared: Bench<Events> | undefined;
  const bench = (): Bench<Events> => (shared ??= createBench(options));
  const runs: Readonly<Record<ProviderCaseName, () => Promise<void>>> = {
    fixtures: async () => fixtures(bench()),
    "body-changes": async () => bodyChanges(bench()),
    "signature-changes": async () => signatureChanges(bench()),
    "header-changes": async () => headerChanges(bench()),
    "signature-forms": async () => signatureForms(bench()),
    downgrades: async () => downgrades(bench()),
    "foreign-key": async () => foreignKey(bench()),
    rotation: async () => rotation(bench()),
    "missing-key": async () => missingKey(bench()),
    "time-edges": async () => timeEdges(bench()),
    "odd-times": async () => oddTimes(bench()),
    "stable-id": async () => stableId(bench()),
    "own-id": async () => ownId(bench()),
    "other-endpoints": async () => otherEndpoints(bench()),
    "unsigned-parts": async () => unsignedParts(bench(), options.unsignedInId ?? {}),
    "bad-bodies": async () => badBodies(bench()),
    "hostile-bodies": async () => hostileBodies(bench()),
    "exact-bytes": async () => exactBytes(bench()),
  };
  return toCases({ names: caseNames, runs, doesNotApply: options.doesNotApply });
}
