import type { Delivery } from "../../delivery.ts";
import type { Diagnosis } from "../../diagnosis.ts";

/** A request with more headers than this is not one of a platform. */
const maxNames = 200;

/** What to say of a header that is missing: most often it is there under another name, none of the `expected` ones. */
export function explainMissing(delivery: Delivery, header: string, expected: readonly string[] = []): Diagnosis {
  const names = (delivery.headerNames?.() ?? []).slice(0, maxNames).map((name) => name.toLowerCase());
  if (names.length === 0) {
    return unknown(`The header ${header} is missing, and the host does not tell which headers came.`);
  }
  if (names.includes(header)) return unknown(`The header ${header} is there, but empty.`);
  const likely = [...new Set(names)].filter((name) => !expected.includes(name) && isFilled(delivery, name));
  for (const isLike of likenesses(header)) {
    const found = likely.find(isLike);
    if (found === undefined) continue;
    return {
      cause: "header-renamed",
      message:
        `The header ${header} is missing, but ${found} is there. If it is the same, have the proxy or framework pass ` +
        `it on under its own name; if the platform really sends ${found}, configure that name.`,
    };
  }
  return unknown(
    `The header ${header} is missing, and none of the ${names.length} headers that came looks like it under another ` +
      "name. A proxy may have removed it, or the platform was set up without a secret, or it is somebody else's request.",
  );
}

/** Names of other platforms and versions for the same thing. */
const siblings: readonly (readonly string[])[] = [
  ...["id", "timestamp", "signature"].map((what) => [`webhook-${what}`, `svix-${what}`, `x-webhook-${what}`]),
  ["x-hub-signature-256", "x-hub-signature"],
  ["content-digest", "repr-digest", "digest"],
];

/** From the surest on. */
function likenesses(header: string): readonly ((name: string) => boolean)[] {
  const bare = bareName(header);
  const same = siblings.find((names) => names.includes(header)) ?? [];
  const kind = /signature|hmac|timestamp|token|secret/.exec(header)?.[0];
  return [
    (name) => bareName(name) === bare,
    (name) => bareName(name).endsWith(`-${bare}`),
    (name) => same.includes(name),
    (name) => kind !== undefined && name.includes(kind),
  ];
}

/** Without what CGI, gateways and fashion put before a name, and with one kind of dash. */
function bareName(name: string): string {
  return name
    .replaceAll("_", "-")
    .replace(/^(?:http-)?(?:x-)?/, "")
    .replace(/^(?:amzn-remapped|original|forwarded)-(?:x-)?/, "");
}

/** A name that is no plain one is a stranger's text, and none that a proxy would make. */
function isFilled(delivery: Delivery, name: string): boolean {
  if (!/^[\w-]{1,80}$/.test(name)) return false;
  try {
    return (delivery.header(name) ?? "") !== "";
  } catch {
    return false; // repeated
  }
}

function unknown(message: string): Diagnosis {
  return { cause: "unknown", message };
}
