import { basename } from "node:path";
import ts from "typescript";

import { shippedSources } from "./tree.ts";
import type { Rule, TreeFile } from "./tree.ts";

const maxCodeLines = 250;

/** TypeScript files have kebab-case names. */
export const namesAreKebabCase: Rule = (tree) =>
  tree
    .map(({ path }) => path)
    .filter((path) => path.endsWith(".ts"))
    .filter((path) => !/^[a-z0-9]+(?:[.-][a-z0-9]+)*\.ts$/.test(basename(path)))
    .map((path) => `${path}: is not kebab-case`);

/** A file has one job: at most 250 lines of code, tests included. */
export const filesAreShort: Rule = (tree) =>
  tree
    .filter(({ path }) => path.endsWith(".ts"))
    .map((file) => ({ path: file.path, lines: countCodeLines(file) }))
    .filter(({ lines }) => lines > maxCodeLines)
    .map(({ path, lines }) => `${path}: has ${lines} lines of code`);

/** Counts the lines that hold code: no blank line, no comment. */
export function countCodeLines(file: TreeFile): number {
  const source = parse(file);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node) || node.kind === ts.SyntaxKind.EndOfFileToken) return;
    const children = node.getChildren(source);
    for (const child of children) visit(child);
    if (children.length > 0 || node.end === node.getStart(source)) return;
    const last = lineOf(source, node.end);
    for (let line = lineOf(source, node.getStart(source)); line <= last; line += 1) lines.add(line);
  };
  visit(source);
  return lines.size;
}

/** An `index.ts` is a table of contents: it holds nothing but `export … from`. */
export const indexesOnlyExport: Rule = (tree) =>
  shippedSources(tree)
    .filter(({ path }) => basename(path) === "index.ts")
    .flatMap((file) => {
      const source = parse(file);
      return source.statements
        .filter((statement) => !ts.isExportDeclaration(statement) || statement.moduleSpecifier === undefined)
        .map((statement) => `${file.path}:${lineOf(source, statement.getStart(source))}: is more than an export`);
    });

/** What is shipped hides nothing from the compiler and the linter, and explains every assertion. */
export const typesAreHonest: Rule = (tree) =>
  shippedSources(tree).flatMap((file) => {
    const source = parse(file);
    const complaints: string[] = [];
    const visit = (node: ts.Node): void => {
      const complaint = complaintAbout(node, source);
      if (complaint !== undefined) {
        complaints.push(`${file.path}:${lineOf(source, node.getStart(source))}: ${complaint}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    for (const { 0: hidden, index } of file.text.matchAll(/@ts-[a-z]+|(?:ox|es)lint-disable[a-z-]*/g)) {
      complaints.push(`${file.path}:${lineOf(source, index)}: ${hidden}`);
    }
    return complaints;
  });

function complaintAbout(node: ts.Node, source: ts.SourceFile): string | undefined {
  if (node.kind === ts.SyntaxKind.AnyKeyword) return "any";
  if (!ts.isAsExpression(node) || ts.isConstTypeReference(node.type)) return undefined;
  if (ts.isAsExpression(node.expression)) return "a double assertion";
  return isExplained(node, source) ? undefined : "an assertion without a comment why it holds";
}

/** Whether a comment stands in front of the statement that the assertion is in, or on or above the line of its `as`. */
function isExplained(node: ts.AsExpression, source: ts.SourceFile): boolean {
  const lines = source.text.split("\n");
  const asLine = lineOf(source, node.type.getStart(source));
  if (lines.slice(asLine - 2, asLine).some((line) => /(?:^|\s)\/\//.test(line))) return true;

  let statement: ts.Node = node;
  while (!ts.isStatement(statement) && !ts.isClassElement(statement)) statement = statement.parent;
  const comments = ts.getLeadingCommentRanges(source.text, statement.pos) ?? [];
  return comments.some(({ kind }) => kind === ts.SyntaxKind.SingleLineCommentTrivia);
}

function parse({ path, text }: TreeFile): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** The line of a position, counted from 1. */
function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}
