export { adapterConformance } from "./adapter-conformance.ts";
export { createAdapterProbe } from "./probe.ts";
export type { AdapterCaseName } from "./case-names.ts";
export type { AdapterConformanceOptions } from "./adapter-conformance.ts";
export type { AdapterHost, AdapterMount, RunningAdapterHost } from "./host.ts";
export type { ConformanceCase } from "../conformance-case.ts";
export type { ProbeSetup } from "./probe.ts";
