import { createRequire } from "node:module";

import type { Middleware } from "koa";
import koaBodyparser from "koa-bodyparser";

/** A body parser of Koa, made with its options. */
type KoaParser = (options?: Readonly<Record<string, unknown>>) => Middleware;

// Not by `import`: the types of these two give every request of `node:http` in the whole program a `rawBody` that is a
// string, and where Express keeps the bytes it is none.
const require = createRequire(import.meta.url);
// What the packages export, as their documentation says.
const { bodyParser } = require("@koa/bodyparser") as { readonly bodyParser: KoaParser };
const { koaBody } = require("koa-body") as { readonly koaBody: KoaParser };

export { bodyParser, koaBody, koaBodyparser };
