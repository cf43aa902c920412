import { createHash, createHmac } from "node:crypto";

import type { MockRequest } from "@hooklatch/mock-sender";

import type { Bench } from "../bench.ts";

/** A digest that a stranger, or whoever broke a weak hash, could make, or that nobody was asked for. */
interface Weak {
  readonly what: string;
  readonly hash: string;
  readonly digest: (content: Uint8Array) => Buffer;
}

/** Offers proofs in other algorithms and versions than the one that is configured. */
export async function downgrades<Events>(bench: Bench<Events>): Promise<void> {
  const { place } = bench;
  const endpoint = bench.open();
  const [request, forged] = [await bench.sign(bench.first), await bench.sign(bench.first, { key: "foreign" })];
  const [good, bad] = [place.read(request), place.read(forged)];

  for (const { what, text } of [...weakTexts(bench, request), ...otherVersions(good)]) {
    await endpoint.refuse(place.write(forged, text), what);
    // Beside a signature of the right form, in each way that platforms write a list.
    for (const separator of [",", " ", ";"]) {
      await endpoint.refuse(place.write(forged, bad + separator + text), `${what}, behind a bad signature`);
      await endpoint.refuse(place.write(forged, text + separator + bad), `${what}, before a bad signature`);
    }
    for (const name of olderNames(place.header)) {
      const headers = { ...place.write(forged, bad).headers, [name]: text };
      await endpoint.refuse({ ...forged, headers }, `${what} in ${name}, beside a bad signature`);
    }
  }
}

/** `x-hub-signature` for `x-hub-signature-256`: where platforms left the weaker hash when they added the stronger one. */
function olderNames(header: string | undefined): readonly string[] {
  const older = header?.replace(/[-_]?(?:sha)?256$/, "");
  return older === undefined || older === header ? [] : [older];
}

function weakTexts<Events>({ key, nowMs }: Bench<Events>, { body }: MockRequest) {
  const seconds = String(nowMs / 1000);
  const contents = ["", `${seconds}.`, `${seconds}:`].map((start) => Buffer.concat([Buffer.from(start), body]));
  return weakDigests(key).flatMap(({ what, hash, digest }) =>
    contents.flatMap((content) => {
      const bytes = digest(content);
      const texts = [bytes.toString("hex"), bytes.toString("base64")];
      return [...texts, ...texts.map((text) => `${hash}=${text}`)].map((text) => ({ what, text }));
    }),
  );
}

function weakDigests(key: string | undefined): readonly Weak[] {
  const bare = ["sha1", "sha256", "sha512"].map((hash): Weak => ({
    what: `a ${hash} without a key`,
    hash,
    digest: (content) => createHash(hash).update(content).digest(),
  }));
  if (key === undefined) return bare;
  // A public key is public: whoever takes it for a secret believes everybody.
  const hashes = key.includes("PUBLIC KEY") ? ["sha1", "sha256", "sha512"] : ["md5", "sha1"];
  const keyed = hashes.map((hash): Weak => ({
    what: `an HMAC with ${hash}`,
    hash,
    digest: (content) => createHmac(hash, key).update(content).digest(),
  }));
  return [...bare, ...keyed];
}

const versions = "v0 v1 v1a v2 h0 h1 h2 sha1 sha256 sha512 none".split(" ");

/** The good signature under the name of another version or algorithm, where it has one. */
function otherVersions(good: string) {
  const [label, own] = /(?<=^|[ ,;])([a-z]{1,4}\d{1,3}[a-z]?)[=,]/.exec(good) ?? [];
  if (label === undefined) return [];
  return versions
    .filter((version) => version !== own)
    .map((version) => ({
      what: `a good signature called ${version}`,
      text: good.replace(label, () => version + label.slice(-1)),
    }));
}
