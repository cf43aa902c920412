import { join } from "node:path";

import ts from "typescript";
import { expect, test } from "vitest";

import { readCompilerOptions } from "../house/public-api.ts";
import { root } from "../house/tree.ts";

const entry = join(root, "app-without-peers.ts");
const peers: ReadonlySet<string> = new Set(["stripe", "@octokit/webhooks", "@slack/types"]);

/** What the compiler says of an app in whose `node_modules` the platforms' own packages are not. Nothing is written. */
function errorsOf(text: string): readonly string[] {
  const options = readCompilerOptions();
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => path === entry || disk.fileExists(path),
    getSourceFile: (path, version, ...rest) =>
      path === entry ? ts.createSourceFile(path, text, version) : disk.getSourceFile(path, version, ...rest),
    resolveModuleNameLiterals: (names, from, redirect, settings, source) =>
      names.map((name) => {
        if (peers.has(name.text)) return { resolvedModule: undefined };
        const mode = ts.getModeForUsageLocation(source, name, settings);
        return ts.resolveModuleName(name.text, from, settings, host, undefined, redirect, mode);
      }),
  };
  const program = ts.createProgram([entry], options, host);
  const file = program.getSourceFile(entry);
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

const app = `
  import { createReceiver } from "@hooklatch/core";
  import { github } from "@hooklatch/providers/github";
  import { slack } from "@hooklatch/providers/slack";
  import { stripe } from "@hooklatch/providers/stripe";
  createReceiver({ provider: stripe({ secrets: "s" }) }).on("invoice.paid", ({ payload }) => {
    const mode: boolean = payload.livemode;
    return [mode, payload.NONE];
  });
  createReceiver({ provider: github({ secrets: "s" }) }).on("issues.opened", ({ payload }) => {
    const delivery: string | undefined = payload.unsigned.deliveryId;
    const repository: string | undefined = payload.repository?.full_name;
    return [delivery, repository, payload.sender?.login.NONE];
  });
  createReceiver({ provider: slack({ secrets: "s" }) }).on("app_mention", ({ payload }) => {
    const text: unknown = payload.type === "event_callback" ? payload.event["text"] : payload.minute_rate_limited;
    return [text, payload.NONE];
  });
`;

test("without the platforms' packages an app compiles, and what is known of every event is still checked", () => {
  expect(errorsOf(app.replaceAll(/[, ]+\S+\.NONE/g, ""))).toEqual([]);
  const errors = errorsOf(app);
  expect(errors).toHaveLength(3);
  for (const error of errors) expect(error).toContain("Property 'NONE' does not exist");
});
