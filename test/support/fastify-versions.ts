import fastify5 from "fastify";
import rawBody5 from "fastify-raw-body";
import rawBody4 from "fastify-raw-body4";
import fastify4 from "fastify4";

/** Both supported majors of Fastify, each with its plugin that keeps bytes. A test that runs on the one runs on the other. */
export const fastifyVersions = [
  { name: "Fastify 5", fastify: fastify5, rawBody: rawBody5 },
  // Of what the tests use, both have the same.
  {
    name: "Fastify 4",
    fastify: fastify4 as unknown as typeof fastify5,
    rawBody: rawBody4,
  },
] as const;
