import express5 from "express";
import express4 from "express4";

/** Both supported majors of Express. A test that runs on the one runs on the other. */
export const expressVersions = [
  { name: "Express 5", express: express5 },
  // Of what the tests use, both have the same.
  { name: "Express 4", express: express4 as unknown as typeof express5 },
] as const;
