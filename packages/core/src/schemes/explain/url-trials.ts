import type { Delivery } from "../../delivery.ts";
import { printable } from "../../printable.ts";
import type { DeliveryChange } from "./changed-delivery.ts";
import { decodePercent, headerOf } from "./delivery-texts.ts";

/** Another address that the platform may have signed. */
interface UrlTrial {
  readonly cause: "url-changed";
  readonly message: string;
  readonly publicUrl?: URL;
  readonly change?: DeliveryChange;
}

const maxLength = 2_000;

/** Addresses under which a proxy may have been reached, and what it may have made of the path. One thing at a time. */
export function* otherUrls(delivery: Delivery, publicUrl: URL | undefined): Generator<UrlTrial, void, undefined> {
  for (const [url, what] of otherOrigins(delivery, publicUrl)) {
    const message =
      `The signature fits ${printable(url.origin, 120)} (${what}), and publicUrl is ${publicUrl?.origin ?? "not set"}. ` +
      "Set publicUrl to it if that is where the platform reaches you; the request's own headers never decide it.";
    yield { cause: "url-changed", message, publicUrl: url };
  }
  for (const [url, what] of otherPaths(delivery)) {
    const message =
      `The signature fits ${what}: a proxy or a framework rewrote the address. Have it pass path and query on as they ` +
      "came. publicUrl has no path, so no option can put it back.";
    yield { cause: "url-changed", message, change: { url } };
  }
  if (publicUrl === undefined) return;
  const message =
    "The signature fits the public host in the header host, which a proxy replaced. Have the proxy keep the header, or take host " +
    "out of components in favour of @authority, which is made from publicUrl.";
  yield { cause: "url-changed", message, change: { header: ["host", publicUrl.host] } };
}

function* otherOrigins(
  delivery: Delivery,
  publicUrl: URL | undefined,
): Generator<readonly [URL, string], void, undefined> {
  const seen = new Set([publicUrl?.origin]);
  const forwarded = /host="?([^;,"\s]+)/i.exec(headerOf(delivery, "forwarded").slice(0, maxLength))?.[1] ?? "";
  const hosts = [
    [publicUrl?.host ?? "", "another scheme"],
    [publicUrl?.hostname ?? "", "without the port"],
    [headerOf(delivery, "host"), "the host of the header host"],
    [headerOf(delivery, "x-forwarded-host").split(",", 1)[0] ?? "", "the host of the header x-forwarded-host"],
    [forwarded, "the host of the header forwarded"],
    [headerOf(delivery, "x-original-host"), "the host of the header x-original-host"],
  ] as const;
  for (const [host, what] of hosts) {
    for (const scheme of ["https", "http"]) {
      const text = `${scheme}://${host.trim()}`;
      if (host.length > 255 || !/^[\w.:[\]-]+$/.test(host.trim()) || !URL.canParse(text)) continue;
      const url = new URL(text);
      if (seen.has(url.origin)) continue;
      seen.add(url.origin);
      yield [url, what];
    }
  }
}

function* otherPaths(delivery: Delivery): Generator<readonly [url: string, what: string], void, undefined> {
  const { url } = delivery;
  if (!url.startsWith("/") || url.length > maxLength) return;
  const mark = url.indexOf("?");
  const [path, query] = mark === -1 ? [url, ""] : [url.slice(0, mark), url.slice(mark)];
  const toggled = path.endsWith("/") ? path.slice(0, -1) : `${path}/`;
  for (const name of [
    "x-original-uri",
    "x-original-url",
    "x-forwarded-uri",
    "x-rewrite-url",
    "x-envoy-original-path",
  ]) {
    yield* fitFor(headerOf(delivery, name), `the address in the header ${name}`);
  }
  for (const name of ["x-forwarded-prefix", "x-forwarded-path", "x-script-name"]) {
    const prefix = headerOf(delivery, name).replace(/\/$/, "");
    if (prefix !== "") yield* fitFor(prefix + url, `the path with the prefix that the header ${name} names`);
  }
  yield* fitFor(toggled + query, `the path ${path.endsWith("/") ? "without" : "with"} a slash at its end`);
  const parts = path.split("/");
  for (let cut = 2; cut < Math.min(parts.length, 6); cut++) {
    yield* fitFor(`/${parts.slice(cut).join("/")}${query}`, `the path without its first ${cut - 1} part(s)`);
  }
  yield* fitFor(path, "the address without its query");
  yield* fitFor(decodePercent(path) + query, "the path with its percent signs decoded");
  yield* fitFor(encodeURI(decodePercent(path)) + query, "the path percent-encoded anew");
  yield* fitFor(path + query.replaceAll("+", "%20"), "the query with %20 for +");
  yield* fitFor(path + query.replaceAll("%20", "+"), "the query with + for %20");

  function* fitFor(other: string, what: string): Generator<readonly [string, string], void, undefined> {
    if (other !== url && other.startsWith("/") && other.length <= maxLength) yield [other, what];
  }
}
