import { createHash } from "node:crypto";

const longestPlainId = 256;

/**
 * Makes the key under which a store remembers an event: provider, endpoint and id, so that two endpoints or tenants
 * never share one. Lengths stand before the names: joined by a separator alone, `a:b` + `c` would equal `a` + `b:c`.
 */
export function createEventKey(provider: string, endpoint: string): (id: string) => string {
  const scope = `${provider.length}:${provider}${endpoint.length}:${endpoint}`;
  return (id) => (id.length <= longestPlainId ? `${scope}=${id}` : `${scope}#${digest(id)}`);
}

function digest(id: string): string {
  return createHash("sha256").update(id, "utf8").digest("hex");
}
