export type { AdapterHost, AdapterMount, RunningAdapterHost } from "./adapter-host.ts";
