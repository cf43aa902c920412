import { describe, expect, test } from "vitest";

import { linksResolve, noMachineIsNamed } from "./texts.ts";
import { readTree } from "./tree.ts";

const tree = readTree();

describe("the texts", () => {
  test("link to what is there", () => {
    expect(linksResolve(tree)).toEqual([]);
  });

  test("name no machine", () => {
    expect(noMachineIsNamed(tree)).toEqual([]);
  });
});

describe("the rules about texts", () => {
  const links = (text: string) =>
    linksResolve([
      { path: "docs/start.md", text },
      { path: "docs/errors/ERR_A.md", text: "# `ERR_A`: what it means\n\n## Why\n" },
      { path: "README.md", text: "" },
    ]);

  test.each([
    "[page](errors/ERR_A.md)",
    "[folder](errors/)",
    "[up](../README.md)",
    "[heading](errors/ERR_A.md#why)",
    "[heading with code](errors/ERR_A.md#err_a-what-it-means)",
    "# Own heading\n\n[here](#own-heading)",
    "[elsewhere](https://example.com/gone.md)",
    "`[not a link](gone.md)`",
  ])("follow %j", (text) => {
    expect(links(text)).toEqual([]);
  });

  test.each([
    "[page](errors/ERR_B.md)",
    "[beside](ERR_A.md)",
    "![image](gone.png)",
    "[heading](errors/ERR_A.md#how)",
    "[here](#gone)",
    "[by name][page]\n\n[page]: gone.md",
  ])("refuse %j", (text) => {
    expect(links(text)).toHaveLength(1);
  });

  test.each([
    ["", "root", "app"],
    ["", "home", "ada", "app"],
    ["", "Users", "ada"],
    ["..", "shared", "notes.md"],
  ])("find a path of a machine: %s/%s", (...parts) => {
    const text = `first line\nsee ${parts.join("/")}`;
    expect(noMachineIsNamed([{ path: "a.md", text }])).toEqual([`a.md:2: ${parts.join("/")}`]);
  });

  test("leave addresses and paths of the repository alone", () => {
    const text = "https://example.com/home/page docs/work/a.md ./root/a.ts";
    expect(noMachineIsNamed([{ path: "a.md", text }])).toEqual([]);
  });
});
