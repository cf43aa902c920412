import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** A version of Node that core is tested on. */
export interface NodeVersion {
  readonly name: string;
  readonly version: string;
  readonly program: string;
}

// Everything is started by its path: what the machine has is not asked.
const installed = (path: string): string => join(import.meta.dirname, "node_modules", path);

/** The versions of Node beside the one that the scripts run on, as `package.json` has them. */
export function nodeVersions(): readonly NodeVersion[] {
  // Our own file; each of these is an alias such as `npm:node@22.13.0`.
  const { devDependencies } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  return Object.entries(devDependencies).flatMap(([name, range]) => {
    const [, version] = /^npm:node@(.+)$/.exec(range) ?? [];
    return version === undefined ? [] : [{ name, version, program: installed(`${name}/bin/node`) }];
  });
}

/** The program of Bun, which its package names so on every system. */
export const bunProgram = installed("bun/bin/bun.exe");

/** The program of Deno. */
export const denoProgram = installed("deno/deno");

/** The program of workerd. The command of its package only starts it, and hands no file descriptor on. */
export function workerdProgram(): string {
  // What the package exports; it has no types.
  const workerd = createRequire(import.meta.url)("workerd") as { readonly default: string };
  return workerd.default;
}
