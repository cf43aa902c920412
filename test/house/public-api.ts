import { join } from "node:path";
import ts from "typescript";

import { packageFolders, readManifest } from "./packages.ts";
import { root } from "./tree.ts";
import type { Tree } from "./tree.ts";

/** What one entry point exports, as it is imported: `@hooklatch/core/errors`. */
export interface EntryPoint {
  readonly specifier: string;
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** Asks the compiler what every entry point of every package exports. A class is a value; an interface is a type. */
export function readPublicApi(tree: Tree): readonly EntryPoint[] {
  const sources = packageFolders(tree).flatMap((folder) => {
    const { name, exports = {} } = readManifest(tree, folder);
    return Object.entries(exports).map(([entry, source]) => ({
      specifier: name + entry.slice(1),
      path: join(root, folder, source),
    }));
  });
  const program = ts.createProgram(
    sources.map(({ path }) => path),
    readCompilerOptions(),
  );
  const checker = program.getTypeChecker();

  return sources.map(({ specifier, path }) => {
    const file = program.getSourceFile(path);
    const module = file && checker.getSymbolAtLocation(file);
    const names = module === undefined ? [] : checker.getExportsOfModule(module);
    const isValue = (symbol: ts.Symbol): boolean => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return (target.flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly(symbol);
    };
    return {
      specifier,
      values: sortedNames(names.filter(isValue)),
      types: sortedNames(names.filter((symbol) => !isValue(symbol))),
    };
  });
}

/** The compiler options of the root `tsconfig.json`. */
export function readCompilerOptions(): ts.CompilerOptions {
  const host: ts.ParseConfigFileHost = {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic({ messageText }) {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
    },
  };
  return ts.getParsedCommandLineOfConfigFile(join(root, "tsconfig.json"), {}, host)?.options ?? {};
}

/** A class that is only exported as a type has no value at run time. */
function isTypeOnly(symbol: ts.Symbol): boolean {
  return (
    symbol.declarations?.some((node) => ts.isExportSpecifier(node) && ts.isTypeOnlyExportDeclaration(node)) ?? false
  );
}

function sortedNames(symbols: readonly ts.Symbol[]): readonly string[] {
  return symbols.map(({ name }) => name).toSorted();
}

/** Writes the entry points as text, one name per line, so that a change shows as a small difference. */
export function printPublicApi(entryPoints: readonly EntryPoint[]): string {
  return entryPoints
    .toSorted((one, other) => (one.specifier < other.specifier ? -1 : 1))
    .map(({ specifier, values, types }) =>
      [specifier, ...values.map((name) => `  ${name}`), ...types.map((name) => `  type ${name}`), ""].join("\n"),
    )
    .join("\n");
}
