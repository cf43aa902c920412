import type { Rule } from "./tree.ts";

/** Every error code has a page `docs/errors/<code>.md` and stands in a test; every page belongs to a code. */
export const errorCodesAreCovered =
  (codes: readonly string[]): Rule =>
  (tree) => {
    const pages = tree.flatMap(({ path }) => /^docs\/errors\/(ERR_.*)\.md$/.exec(path)?.[1] ?? []);
    const tests = tree.filter(({ path }) => /^(?:packages|test)\/(?!house\/).*\.test\.ts$/.test(path));
    return [
      ...codes.filter((code) => !pages.includes(code)).map((code) => `${code}: has no page`),
      ...pages.filter((page) => !codes.includes(page)).map((page) => `docs/errors/${page}.md: is the page of no code`),
      ...codes
        .filter((code) => !tests.some(({ text }) => new RegExp(`\\b${code}\\b`).test(text)))
        .map((code) => `${code}: stands in no test`),
    ];
  };
