import { createHmac, createSecretKey, hash } from "node:crypto";
import type { KeyObject } from "node:crypto";

/** What is signed: bytes, and strings that stand for their Latin-1 bytes. */
type Content = readonly (string | Uint8Array)[];

/** Bytes per block of the hashes that platforms sign with, FIPS 180-4. */
const blockBytes = new Map([
  ["sha1", 64],
  ["sha256", 64],
  ["sha384", 128],
  ["sha512", 128],
]);

/** Up to here copying a content costs less than it saves. */
const longestCopied = 16 * 1024;

/**
 * Prepares HMAC, RFC 2104, for one key.
 *
 * For the usual hashes and sizes it is made of two one-shot hashes over prepared pads: at 1 KiB that takes half the time
 * of `createHmac`, whose native object costs more than the hashing itself, and again when it is collected.
 */
export function createHmacDigest(algorithm: string, key: Uint8Array): (content: Content) => Uint8Array {
  // One KeyObject, made once: with a Buffer, `createHmac` takes four times as long.
  const keyObject = createSecretKey(key);
  const block = blockBytes.get(algorithm);
  if (block === undefined) return (content) => digestStream(algorithm, keyObject, content);

  const short = key.length > block ? hash(algorithm, key, "buffer") : key;
  const inner = createPad(short, block, 0x36, longestCopied);
  const outer = createPad(short, block, 0x5c, block);
  return (content) => {
    const end = copy(content, inner, block);
    if (end === undefined) return digestStream(algorithm, keyObject, content);
    // As strings: a Buffer out of hash() has memory of its own, and to set that up takes longer than the second hash.
    const length = outer.write(hash(algorithm, inner.subarray(0, end), "binary"), block, "latin1");
    return Buffer.from(hash(algorithm, outer.subarray(0, block + length), "binary"), "binary");
  };
}

/** The key, filled up with zeros to a block and combined with the pad's byte, and room behind it. */
function createPad(key: Uint8Array, block: number, byte: number, room: number): Buffer {
  const pad = Buffer.alloc(block + room);
  for (let index = 0; index < block; index++) pad[index] = (key[index] ?? 0) ^ byte;
  return pad;
}

/** Copies a content behind a pad and answers where it ends, or `undefined` when there is no room for it. */
function copy(content: Content, target: Buffer, start: number): number | undefined {
  let end = start;
  for (const part of content) {
    if (end + part.length > target.length) return undefined;
    if (typeof part === "string") target.write(part, end, "latin1");
    else target.set(part, end);
    end += part.length;
  }
  return end;
}

function digestStream(algorithm: string, key: KeyObject, content: Content): Uint8Array {
  const digest = createHmac(algorithm, key);
  for (const part of content) {
    if (typeof part === "string") digest.update(part, "latin1");
    else digest.update(part);
  }
  return digest.digest();
}
