import Koa3 from "koa";
import Koa2 from "koa2";

/** Both supported majors of Koa. A test that runs on the one runs on the other. */
export const koaVersions = [
  { name: "Koa 3", Koa: Koa3 },
  // Of what the tests use, both have the same.
  { name: "Koa 2", Koa: Koa2 as unknown as typeof Koa3 },
] as const;
