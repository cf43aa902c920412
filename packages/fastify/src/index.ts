export { toFastify, toFastifyPlugin } from "./to-fastify.ts";
export type {
  FastifyHandler,
  FastifyPlugin,
  FastifyReplyParts,
  FastifyRequestParts,
  FastifyRoute,
  FastifyScope,
} from "./to-fastify.ts";
