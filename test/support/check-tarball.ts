import type { Manifest } from "../house/packages.ts";

/** What there is to know about a packed package. */
export interface Tarball {
  /** The paths in it, each under `package/`. */
  readonly files: readonly string[];
  /** The text of its `package.json`. */
  readonly manifest: string;
  /** The `package.json` it was made from. */
  readonly source: Manifest;
}

/** Says what is wrong with a packed package: what is in it beside the build, and what its entry points lead to. */
export function tarballComplaints({ files, manifest, source }: Tarball): readonly string[] {
  // pnpm has written it; an entry point is a path or, as our own are, a path per condition.
  const published = JSON.parse(manifest) as {
    readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  };
  const wanted = source.publishConfig?.exports;
  const targets = Object.values(published.exports ?? {}).flatMap((entry) =>
    typeof entry === "string" ? entry : Object.values(entry),
  );
  return [
    ...files
      .filter(
        (path) => !/^package\/(?:package\.json|README\.md|LICENSE|CHANGELOG\.md|dist\/.+\.(?:js|d\.ts))$/.test(path),
      )
      .map((path) => `${path} does not belong into the tarball`),
    ...files.filter((path) => /\.test(?:-d)?\./.test(path)).map((path) => `${path} is a test`),
    ...["package/README.md", "package/LICENSE", ...targets.map((target) => target.replace(".", "package"))]
      .filter((path) => !files.includes(path))
      .map((path) => `${path} is missing`),
    ...(wanted !== undefined && JSON.stringify(published.exports) === JSON.stringify(wanted)
      ? []
      : ["publishConfig.exports was not applied"]),
    ...(manifest.includes("workspace:") ? ["a dependency still has the workspace protocol"] : []),
  ];
}
