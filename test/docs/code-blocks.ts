import { join } from "node:path";
import ts from "typescript";

import { lineOf, readMarkdown } from "../house/markdown.ts";
import { readManifest } from "../house/packages.ts";
import { readCompilerOptions } from "../house/public-api.ts";
import { root } from "../house/tree.ts";
import type { Rule, Tree } from "../house/tree.ts";

/** One fenced block of a Markdown file. */
export interface CodeBlock {
  readonly path: string;
  /** The line of the file that the block's first line of code stands on. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

/** Lists the code blocks of the Markdown files that users and contributors read. */
export function readCodeBlocks(tree: Tree): readonly CodeBlock[] {
  return tree
    .filter(({ path }) => path.endsWith(".md") && !path.startsWith(".changeset/"))
    .flatMap(({ path, text }) =>
      readMarkdown(text)
        .filter((node) => node.type === "code")
        .map((node) => ({ path, line: lineOf(node) + 1, language: node.lang ?? "", text: node.value })),
    );
}

const extensions: Readonly<Record<string, string>> = {
  ts: "ts",
  typescript: "ts",
  tsx: "tsx",
  js: "js",
  javascript: "js",
};

/** Every block of TypeScript or JavaScript is a module that compiles with the repository's own options. */
export const codeCompiles: Rule = (tree) => {
  const blocks = new Map(
    readCodeBlocks(tree)
      .filter(({ language }) => language in extensions)
      // Beside the root package.json, so that the names of our packages resolve. Nothing is written there.
      .map((block, index) => [join(root, `code-block-${index}.${extensions[block.language]}`), block] as const),
  );
  const options: ts.CompilerOptions = {
    ...readCompilerOptions(),
    allowJs: true,
    checkJs: true,
    jsx: ts.JsxEmit.Preserve,
    // Nest's apps have these two; no other code has decorators.
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    // A block without import or export shares no names with the other blocks.
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => blocks.has(path) || disk.fileExists(path),
    getSourceFile: (path, target, ...rest) => {
      const block = blocks.get(path);
      return block ? ts.createSourceFile(path, block.text, target) : disk.getSourceFile(path, target, ...rest);
    },
  };

  const globals = join(root, "test/support/runtime-globals.d.ts");
  const program = ts.createProgram([globals, ...blocks.keys()], options, host);
  return [...blocks].flatMap(([virtualPath, block]) => {
    const file = program.getSourceFile(virtualPath);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map((diagnostic) => {
      const line = file?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0;
      return `${block.path}:${block.line + line}: ${ts.flattenDiagnosticMessageText(diagnostic.messageText, " ")}`;
    });
  });
};

/** Every block of JSON parses. */
export const jsonParses: Rule = (tree) =>
  readCodeBlocks(tree)
    .filter(({ language }) => language === "json")
    .flatMap(({ path, line, text }) => {
      try {
        JSON.parse(text);
        return [];
      } catch (error) {
        return [`${path}:${line}: ${String(error)}`];
      }
    });

const pnpmCommands = new Set(["add", "dlx", "exec", "install", "pack", "publish"]);

/** Every script that a shell block runs is one that `package.json` has. */
export const scriptsExist: Rule = (tree) => {
  const { scripts = {} } = readManifest(tree);
  return readCodeBlocks(tree)
    .filter(({ language }) => ["sh", "bash", "shell", "console"].includes(language))
    .flatMap(({ path, line, text }) =>
      [...text.matchAll(/\bpnpm@12 ([\w:-]+)/g)]
        .map(([, name = ""]) => name)
        .filter((name) => !(name in scripts) && !pnpmCommands.has(name))
        .map((name) => `${path}:${line}: package.json has no script ${name}`),
    );
};
