import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a fresh app is made with. */
interface FreshApp {
  /** Where packed packages are unpacked: the name of each and a function that fills its folder. */
  readonly packages: readonly { readonly name: string; readonly unpackInto: (folder: string) => void }[];
  /** The repository's `node_modules`, for the compiler and the types of Node. */
  readonly modules: string;
}

const options = {
  target: "es2023",
  module: "nodenext",
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Compiles against what is published: events are typed as far as is known without the platforms' own packages. */
const app = `
import { createReceiver } from "@hooklatch/core";
import { chip } from "@hooklatch/providers/chip";
import { github } from "@hooklatch/providers/github";
import { slack } from "@hooklatch/providers/slack";
import { stripe } from "@hooklatch/providers/stripe";

createReceiver({ provider: chip({ publicKey: "k" }) }).on("purchase.paid", ({ payload }) => {
  const total: number = payload.purchase.total;
  // @ts-expect-error a field that no purchase has
  return [total, payload.nothing];
});
createReceiver({ provider: stripe({ secrets: "s" }) }).on("invoice.paid", ({ payload }) => {
  const mode: boolean = payload.livemode;
  // @ts-expect-error a field that no event has
  return [mode, payload.nothing];
});
createReceiver({ provider: github({ secrets: "s" }) }).on("issues.opened", ({ payload }) => {
  const delivery: string | undefined = payload.unsigned.deliveryId;
  // @ts-expect-error a field that no delivery has
  return [delivery, payload.unsigned.nothing];
});
createReceiver({ provider: slack({ secrets: "s" }) }).on("app_mention", ({ payload }) => {
  const type: string = payload.type;
  // @ts-expect-error a field that no event has
  return [type, payload.nothing];
});
`;

/**
 * What the compiler says of a new app that has our packages and Node's types, and none of the platforms' packages that
 * are optional. It stands outside of the repository, whose `node_modules` has them all.
 */
export function freshAppComplaints({ packages, modules }: FreshApp): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "hooklatch-fresh-app-"));
  try {
    for (const { name, unpackInto } of packages) {
      const target = join(folder, "node_modules", name);
      mkdirSync(target, { recursive: true });
      unpackInto(target);
    }
    mkdirSync(join(folder, "node_modules/@types"), { recursive: true });
    symlinkSync(join(modules, "@types/node"), join(folder, "node_modules/@types/node"));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: ["app.ts"] }));
    writeFileSync(join(folder, "app.ts"), app);
    const { status, stdout } = spawnSync(join(modules, ".bin/tsc"), ["-p", folder], { encoding: "utf8" });
    return status === 0 ? [] : ["a fresh app does not compile against the packed packages:", stdout];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
