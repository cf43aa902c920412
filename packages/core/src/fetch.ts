export { toFetchHandler } from "./to-fetch-handler.ts";
export type { FetchContext, FetchHandler } from "./to-fetch-handler.ts";
