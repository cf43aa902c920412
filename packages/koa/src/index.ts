export { toKoa } from "./to-koa.ts";
export type { KoaContext, KoaMiddleware } from "./to-koa.ts";
