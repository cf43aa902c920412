import { posix } from "node:path";

import { lineOf, plainText, readMarkdown } from "./markdown.ts";
import { textOf } from "./packages.ts";
import type { Rule, Tree } from "./tree.ts";

/** Every relative link of a Markdown file leads to a file or folder, and its `#fragment` to a heading. */
export const linksResolve: Rule = (tree) =>
  tree
    .filter(({ path }) => path.endsWith(".md"))
    .flatMap(({ path, text }) =>
      readMarkdown(text)
        .filter((node) => "url" in node)
        .filter(({ url }) => !/^[a-z]+:/i.test(url) && !leadsSomewhere(tree, path, url))
        .map((node) => `${path}:${lineOf(node)}: ${node.url} leads nowhere`),
    );

function leadsSomewhere(tree: Tree, from: string, url: string): boolean {
  const [path = "", fragment] = decodeURI(url).split("#");
  const target = path === "" ? from : posix.join(posix.dirname(from), path).replace(/\/$/, "");
  const text = textOf(tree, target);
  if (fragment !== undefined && target.endsWith(".md")) return text !== undefined && anchorsOf(text).includes(fragment);
  return text !== undefined || tree.some((file) => file.path.startsWith(`${target}/`));
}

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(markdown: string): readonly string[] {
  return readMarkdown(markdown)
    .filter(({ type }) => type === "heading")
    .map((heading) =>
      plainText(heading)
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );
}

/** Nothing names a folder of the machine it was written on, or one beside the repository. */
export const noMachineIsNamed: Rule = (tree) =>
  tree.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const found = /(?<![\w./-])\/(?:root|home|Users|work)\/\S*|(?:\.\.\/)+shared\/\S*/.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${index + 1}: ${found}`];
    }),
  );
