import { text } from "node:stream/consumers";

import { platforms } from "./platforms.ts";

// A process of its own: `node event-ids.ts` reads captured requests by platform and prints what their ids are here.
const { nowMs, captured } = JSON.parse(await text(process.stdin)) as {
  // What the test that starts it has written.
  readonly nowMs: number;
  readonly captured: Readonly<
    Record<string, readonly { readonly url: string; readonly headers: Record<string, string>; readonly body: string }[]>
  >;
};

const ids: Record<string, readonly (string | undefined)[]> = {};
for (const [name, requests] of Object.entries(captured)) {
  const decoded = requests.map(({ url, headers, body }) => {
    return { method: "POST", url, headers, body: new Uint8Array(Buffer.from(body, "base64")) };
  });
  ids[name] = (await platforms[name]?.idsOf(decoded, { nowMs, verify: false })) ?? [];
}
process.stdout.write(JSON.stringify({ ids, place: [new Date(0).getTimezoneOffset(), process.env["LANG"]] }));
