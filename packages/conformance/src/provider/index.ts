export { providerConformance } from "./provider-conformance.ts";
export type { ConformanceCase } from "../conformance-case.ts";
export type { KeySetup, ProviderConformanceOptions, SignaturePlace } from "./options.ts";
export type { ProviderCaseName } from "./case-names.ts";
