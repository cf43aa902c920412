import type { Claim, Store } from "@hooklatch/core";

// One process of several that share a store. Its arguments are a module, what to open it with, and by how
// much its clock is ahead; its parent sends it what to do and gets the answers.

/** What a child is told to do. */
export type Order =
  | { readonly claim: readonly string[]; readonly times: number; readonly leaseMs: number }
  | { readonly settle: string; readonly token: string; readonly keepMs: number };

/** What it answers: the claims, or whether it could settle, or what went wrong. Once it is ready, nothing. */
export type Done =
  | { readonly claims: readonly Claim[] }
  | { readonly isSettled: boolean }
  | { readonly failure: string }
  | "ready";

const [module = "", argument = "", aheadMs = "0"] = process.argv.slice(2);
setAhead(Number(aheadMs));
// The place says that its module exports this.
const { open } = (await import(module)) as { readonly open: (argument: string) => Promise<Store> };
const store = await open(argument);
const tell = (done: Done): void => void process.send?.(done);

process.on("message", (order: Order) => {
  void obey(order)
    .catch((cause: unknown) => ({ failure: String(cause) }))
    .then(tell);
});
process.on("disconnect", () => void Promise.resolve(store.close()).finally(() => process.exit()));
tell("ready");

async function obey(order: Order): Promise<Done> {
  if ("settle" in order) return { isSettled: await store.settle(order.settle, order.token, order.keepMs) };
  const asking = order.claim.flatMap((key) =>
    Array.from({ length: order.times }, async () => store.claim(key, order.leaseMs, 1)),
  );
  return { claims: await Promise.all(asking) };
}

/** Has all that runs here and asks JavaScript for the time believe that it is later. */
function setAhead(byMs: number): void {
  const now = Date.now.bind(Date);
  Date.now = () => now() + byMs;
  globalThis.Date = new Proxy(Date, {
    construct: (Real, given, newTarget) =>
      // Reflect makes what the constructor makes.
      Reflect.construct(Real, given.length === 0 ? [Real.now()] : given, newTarget) as Date,
  });
}
