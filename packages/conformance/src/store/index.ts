export { storeConformance } from "./store-conformance.ts";
export type { ConformanceCase } from "../conformance-case.ts";
export type { Outage, StoreModule, StorePlace } from "./place.ts";
export type { StoreCaseName } from "./case-names.ts";
export type { StoreConformanceOptions } from "./store-conformance.ts";
