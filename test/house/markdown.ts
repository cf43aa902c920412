import { fromMarkdown } from "mdast-util-from-markdown";

type Root = ReturnType<typeof fromMarkdown>;

/** Anything that stands in a Markdown file: a heading, a link, a code block, a word. */
export type MarkdownNode = Root | Root["children"][number];

/** Lists everything in a Markdown file, from top to bottom, at every depth. */
export function readMarkdown(text: string): readonly MarkdownNode[] {
  return withDescendants(fromMarkdown(text));
}

function withDescendants(node: MarkdownNode): readonly MarkdownNode[] {
  return "children" in node ? [node, ...node.children.flatMap(withDescendants)] : [node];
}

/** The words under a node, without their marks. */
export function plainText(node: MarkdownNode): string {
  return withDescendants(node)
    .map((part) => ("value" in part ? part.value : ""))
    .join("");
}

/** The line a node starts on, counted from 1. */
export function lineOf(node: MarkdownNode): number {
  return node.position?.start.line ?? 1;
}
