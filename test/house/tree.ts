import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One file of the repository. The path starts at the repository's root and has forward slashes. */
export interface TreeFile {
  readonly path: string;
  readonly text: string;
}

/** The files a rule looks at: the whole repository, or a bad example. */
export type Tree = readonly TreeFile[];

/** A rule of the house: one line per place that breaks it, none when the tree is in order. */
export type Rule = (tree: Tree) => readonly string[];

/** The repository's root. */
export const root = join(import.meta.dirname, "../..");

// What .gitignore names, and what no rule can read.
const skipped = new Set([
  "node_modules",
  "dist",
  "coverage",
  ".git",
  ".tmp",
  ".next",
  "next-env.d.ts",
  "docs/api",
  "pnpm-lock.yaml",
]);

/** Reads every file that a person wrote. */
export function readTree(folder = ""): Tree {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (skipped.has(entry.name) || skipped.has(path)) return [];
    if (entry.isDirectory()) return readTree(path);
    return entry.isFile() ? [{ path, text: readFileSync(join(root, path), "utf8") }] : [];
  });
}

/** The TypeScript files under the packages' `src`, without their tests. */
export function shippedSources(tree: Tree): Tree {
  return tree.filter(({ path }) => /^packages\/[^/]+\/src\/.*(?<!\.test|\.test-d)\.ts$/.test(path));
}
