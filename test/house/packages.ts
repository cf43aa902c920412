import type { Rule, Tree } from "./tree.ts";

/** The parts of a package's `package.json` that the rules read. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string>>;
  readonly publishConfig?: { readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>> };
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** The folders of the published packages. */
export function packageFolders(tree: Tree): readonly string[] {
  return foldersWithManifest(tree, /^(packages\/[^/]+)\/package\.json$/);
}

/** The folders of the examples. */
function exampleFolders(tree: Tree): readonly string[] {
  return foldersWithManifest(tree, /^(examples\/[^/]+)\/package\.json$/);
}

function foldersWithManifest(tree: Tree, pattern: RegExp): readonly string[] {
  return tree.flatMap(({ path }) => pattern.exec(path)?.[1] ?? []);
}

/** Reads the `package.json` of a folder; of the repository's root where no folder is given. */
export function readManifest(tree: Tree, folder?: string): Manifest {
  // Package managers accept no other shape, and the rules only compare what is there.
  return JSON.parse(textOf(tree, folder === undefined ? "package.json" : `${folder}/package.json`) ?? "{}") as Manifest;
}

/** The text of one file, if the tree has it. */
export function textOf(tree: Tree, path: string): string | undefined {
  return tree.find((file) => file.path === path)?.text;
}

/** A package has a README and a LICENSE, and each of its entry points leads to a source and to what is built from it. */
export const packagesAreComplete: Rule = (tree) =>
  packageFolders(tree).flatMap((folder) => {
    const { exports = {}, publishConfig } = readManifest(tree, folder);
    const published = publishConfig?.exports ?? {};
    const complaints = ["README.md", "LICENSE"]
      .filter((name) => textOf(tree, `${folder}/${name}`) === undefined)
      .map((name) => `${folder}: has no ${name}`);

    if (Object.keys(exports).length === 0) complaints.push(`${folder}: has no entry points`);
    for (const [entry, source] of Object.entries(exports)) {
      const built = source.replace("./src/", "./dist/").replace(/\.ts$/, "");
      const wanted = { types: `${built}.d.ts`, default: `${built}.js` };
      if (textOf(tree, `${folder}/${source.slice(2)}`) === undefined)
        complaints.push(`${folder}: ${source} is missing`);
      if (JSON.stringify(published[entry]) !== JSON.stringify(wanted)) {
        complaints.push(`${folder}: publishConfig.exports["${entry}"] must be ${JSON.stringify(wanted)}`);
      }
    }
    for (const entry of Object.keys(published).filter((name) => !(name in exports))) {
      complaints.push(`${folder}: publishConfig.exports["${entry}"] is published only`);
    }
    return complaints;
  });

/** An example has a test that starts it. */
export const examplesAreTested: Rule = (tree) =>
  exampleFolders(tree)
    .filter((folder) => !tree.some(({ path }) => path.startsWith(`${folder}/test/`) && path.endsWith(".test.ts")))
    .map((folder) => `${folder}: has no test`);

/** The map in CONTRIBUTING names every package and every example. */
export const mapIsComplete: Rule = (tree) => {
  const map = textOf(tree, "CONTRIBUTING.md") ?? "";
  return [...packageFolders(tree), ...exampleFolders(tree)]
    .filter((folder) => !map.includes(`${folder.split("/")[1]}/`))
    .map((folder) => `CONTRIBUTING.md: the map does not name ${folder}/`);
};

/** The commands that README and CI name are there, and CI runs the README's test command. */
export const commandsExist: Rule = (tree) => {
  const { scripts = {} } = readManifest(tree);
  const named = { "README.md": ["demo", "test"], ".ci/run": ["test", "test:runtimes", "check"] };
  return Object.entries(named).flatMap(([path, names]) =>
    names.flatMap((name) => {
      const command = new RegExp(`^npx -y pnpm@12 ${name}(?![\\w:-])`, "m");
      const complaints = name in scripts ? [] : [`package.json: has no script ${name}`];
      return command.test(textOf(tree, path) ?? "") ? complaints : [`${path}: has no line "npx -y pnpm@12 ${name}"`];
    }),
  );
};
