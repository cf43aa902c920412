/**
 * Packs every package as it would be published, and looks at the tarballs: what is in them, and who can import them.
 * Takes what the build has made, and the `pnpm` that runs the script.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { packageFolders, readManifest } from "../house/packages.ts";
import type { Manifest } from "../house/packages.ts";
import { readTree, root } from "../house/tree.ts";
import { freshAppComplaints } from "./check-fresh-app.ts";
import { tarballComplaints } from "./check-tarball.ts";

const tree = readTree();
const destination = join(root, ".tmp/tarballs");
rmSync(destination, { recursive: true, force: true });
run("pnpm", "--filter", "./packages/*", "pack", "--pack-destination", destination);

const tarballs = readdirSync(destination);
const folders = packageFolders(tree);
if (tarballs.length !== folders.length) throw new Error(`${folders.length} packages made ${tarballs.length} tarballs`);

const inTarballs = folders.flatMap((folder) => {
  const source = readManifest(tree, folder);
  const tarball = tarballOf(source);
  if (tarball === undefined) return [`${folder}: has no tarball`];
  return [
    ...tarballComplaints({
      files: run("tar", "-tzf", tarball).trim().split("\n"),
      manifest: run("tar", "-xzOf", tarball, "package/package.json"),
      source,
    }).map((complaint) => `${folder}: ${complaint}`),
    ...complaintsOf("node", "--input-type=module", "--eval", importsOf(folder, source)),
    ...complaintsOf("publint", "--strict", tarball),
    ...complaintsOf("attw", "--profile", "esm-only", tarball),
  ];
});

const inApp = freshAppComplaints({
  modules: join(root, "node_modules"),
  packages: ["@hooklatch/core", "@hooklatch/providers"].map((name) => ({
    name,
    unpackInto(folder) {
      const tarball = tarballOf({ name });
      if (tarball !== undefined) run("tar", "-xzf", tarball, "-C", folder, "--strip-components=1");
    },
  })),
});

const complaints = [...inTarballs, ...inApp];
for (const complaint of complaints) console.log(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

function tarballOf({ name }: Pick<Manifest, "name">): string | undefined {
  const found = tarballs.find((file) => file.startsWith(`${name.slice(1).replace("/", "-")}-`));
  return found === undefined ? undefined : join(destination, found);
}

function run(program: string, ...args: readonly string[]): string {
  return execFileSync(program, args, { cwd: root, encoding: "utf8", stdio: "pipe" });
}

/** A program that loads what was built for every entry point. */
function importsOf(folder: string, { publishConfig }: Manifest): string {
  const entries = Object.values(publishConfig?.exports ?? {});
  return entries.map((entry) => `await import("./${folder}/${entry["default"]}");`).join("\n");
}

/** What a checker prints when it is not content. */
function complaintsOf(program: string, ...args: readonly string[]): readonly string[] {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  return status === 0 ? [] : [`${program} ${args.join(" ")}`, stdout, stderr];
}
