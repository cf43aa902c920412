import { adapterConformance } from "@hooklatch/conformance/adapter";
import type { AdapterCaseName, AdapterHost, AdapterMount } from "@hooklatch/conformance/adapter";
import { describe, test } from "vitest";

import type { ProbeMount } from "./apps/mount.ts";
import { runtimeHosts } from "./hosts.ts";
import type { RuntimeHost } from "./hosts.ts";

/** What a runtime makes impossible. */
const doesNotApply: Readonly<Record<string, Readonly<Partial<Record<AdapterCaseName, string>>>>> = {
  Bun: { "refused-connection": "Bun keeps it open and discards what still comes" },
  Deno: { "refused-connection": "Deno keeps it open and discards what still comes" },
  workerd: { "remote-address": "workerd tells no address but the one in CF-Connecting-IP, which Cloudflare sets" },
};

describe.each(runtimeHosts)("the fetch adapter on $name", (runtime) => {
  const cases = adapterConformance({
    host: toAdapterHost(runtime),
    doesNotApply: { "kept-bytes": "a Request keeps no bytes", ...doesNotApply[runtime.name] },
  });
  test.concurrent.for(cases)("$name", async ({ run }, { expect }) => {
    await expect(run()).resolves.toBeUndefined();
  });
});

/** The runtime as the suite knows hosts: it makes its receivers itself, of what the suite's are made of. */
function toAdapterHost(runtime: RuntimeHost): AdapterHost {
  return { name: runtime.name, start: async (mounts) => runtime.start(mounts.map(toProbeMount)) };
}

function toProbeMount({ path, setup, behind }: AdapterMount): ProbeMount {
  if (setup === undefined || behind === "parser-that-keeps-bytes") throw new Error("That cannot be had here.");
  return { path, probe: setup, ...(behind === undefined ? {} : { behind }) };
}
