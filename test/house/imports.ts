import { posix } from "node:path";
import ts from "typescript";

import { packageFolders, readManifest } from "./packages.ts";
import { shippedSources } from "./tree.ts";
import type { Rule, TreeFile } from "./tree.ts";

/** One `import`, `export … from` or `import()` of a file, type-only ones included. */
export interface Import {
  readonly specifier: string;
  /** Where a relative import points to, as a path from the repository's root. */
  readonly target?: string;
  readonly line: number;
}

/** Lists what a TypeScript file imports. */
export function importsOf({ path, text }: TreeFile): readonly Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName, pos }) => {
    const line = text.slice(0, pos).split("\n").length;
    if (!fileName.startsWith(".")) return { specifier: fileName, line };
    return { specifier: fileName, target: posix.join(posix.dirname(path), fileName), line };
  });
}

// What each package may import of the others. A package that is not named here may import core.
const mayImport: Readonly<Record<string, RegExp>> = {
  core: /^$/,
  "mock-sender": /^@hooklatch\/(?:core|providers)(?:\/|$)/,
  conformance: /^@hooklatch\/(?:core|mock-sender)(?:\/|$)/,
};
const mayImportByDefault = /^@hooklatch\/core(?:\/|$)/;

/**
 * Arrows point inward: core imports no other package, the others import core, the mock sender alone the providers too.
 * Everything crosses a package's border by a public entry point, and the steps of the pipeline do not know each other.
 */
export const arrowsPointInward: Rule = (tree) =>
  tree
    .filter(({ path }) => path.endsWith(".ts"))
    .flatMap((file) => {
      const unit = unitOf(file.path);
      return importsOf(file).flatMap((imported) => {
        const complaint = complaintAbout(unit, file.path, imported);
        return complaint === undefined ? [] : [`${file.path}:${imported.line}: ${imported.specifier}: ${complaint}`];
      });
    });

function complaintAbout(unit: string, path: string, { specifier, target }: Import): string | undefined {
  if (target !== undefined) {
    if (unitOf(target) !== unit) return "a relative import must not leave its package";
    const steps = "packages/core/src/steps/";
    const isStep = path.startsWith(steps) && !path.endsWith(".test.ts");
    return isStep && target.startsWith(steps) ? "a step must not import another step" : undefined;
  }
  if (!specifier.startsWith("@hooklatch/") || !unit.startsWith("packages/")) return undefined;
  const allowed = mayImport[unit.slice("packages/".length)] ?? mayImportByDefault;
  return allowed.test(specifier) ? undefined : "this package must not import that one";
}

/** The part of the repository a path belongs to: a package, an example, or everything else. */
function unitOf(path: string): string {
  return /^(?:packages|examples)\/[^/]+/.exec(path)?.[0] ?? "repository";
}

/** No file imports itself by way of others, type-only imports counted. */
export const noImportCycles: Rule = (tree) => {
  const importsByPath = new Map(
    tree
      .filter(({ path }) => path.endsWith(".ts"))
      .map((file) => [file.path, importsOf(file).flatMap(({ target }) => target ?? [])] as const),
  );
  const finished = new Set<string>();
  const cycles: string[] = [];

  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
    else if (!finished.has(path)) {
      for (const target of importsByPath.get(path) ?? []) visit(target, [...trail, path]);
      finished.add(path);
    }
  };
  for (const path of importsByPath.keys()) visit(path, []);
  return cycles;
};

/**
 * A package that has a peer takes it by its shape: its source imports nothing of the peer, not even a type. An event map
 * may be typed by the platform's own package, where that is an optional peer.
 */
/** Nest finds what it injects by its own classes: they cannot be taken by their shape. */
const importsItsPeers: ReadonlySet<string> = new Set(["packages/nestjs"]);

export const peersAreTakenByShape: Rule = (tree) =>
  packageFolders(tree).flatMap((folder) => {
    if (importsItsPeers.has(folder)) return [];
    const { peerDependencies = {}, peerDependenciesMeta = {} } = readManifest(tree, folder);
    const peers = Object.keys(peerDependencies);
    const optional = new Set(peers.filter((peer) => peerDependenciesMeta[peer]?.optional === true));
    return shippedSources(tree)
      .filter(({ path }) => path.startsWith(`${folder}/`))
      .flatMap((file) =>
        importsOf(file)
          .filter(({ specifier }) => peers.some((peer) => `${specifier}/`.startsWith(`${peer}/`)))
          .filter(({ specifier, line }) => !(optional.has(specifier) && isEventMapType(file, line)))
          .map(({ specifier, line }) => `${file.path}:${line}: ${specifier}: take the peer by its shape`),
      );
  });

function isEventMapType({ path, text }: TreeFile, line: number): boolean {
  return posix.basename(path) === "events.ts" && (text.split("\n")[line - 1] ?? "").startsWith("import type ");
}
