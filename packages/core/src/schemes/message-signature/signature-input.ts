import type { InnerList } from "structured-headers";
import { serializeInnerList, serializeItem } from "structured-headers";

import type { Delivery } from "../../delivery.ts";
import { RejectedError } from "../../errors.ts";
import { bytesOf, isInnerList, readDictionary, textOf } from "./structured-field.ts";

/** More are work that a stranger asks for. */
export const maxLabels = 8;
const maxComponents = 32;

/** One signature of a request, with what it says of itself. Nothing is trusted yet. */
export interface MessageSignature {
  readonly input: InnerList;
  /** The inner list as the last line of the signature base has it. */
  readonly parameters: string;
  readonly signature: Uint8Array;
  readonly createdMs: number;
  readonly expiresMs?: number;
}

/** What a signature must say of itself to be looked at. */
export interface WantedSignature {
  readonly algorithm: string;
  readonly components: readonly string[];
  readonly label?: string | undefined;
  readonly keyIds?: readonly string[] | undefined;
  readonly tag?: string | undefined;
}

/**
 * Finds the one signature that is meant for us. A label is unsigned and only says where to look; two signatures that both
 * fit are a question of whose parser wins, and refused.
 *
 * @throws {RejectedError} `ERR_SIGNATURE_MISSING`, `ERR_SIGNATURE_MALFORMED`, `ERR_HEADER_REPEATED`
 */
export function readSignature(delivery: Delivery, wanted: WantedSignature): MessageSignature {
  const inputs = readDictionary(delivery, "signature-input");
  const signatures = readDictionary(delivery, "signature");
  if (inputs.size > maxLabels) throw malformed(`there are more than ${maxLabels} signatures`);
  const labels = wanted.label === undefined ? [...inputs.keys()] : [wanted.label];
  const read = labels.map((label) => readOne(inputs.get(label), signatures.get(label), wanted));
  const fitting = read.filter((one) => typeof one !== "string");
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  if (fitting.length > 1) throw malformed("several fit: configure a label");
  throw malformed(read.find((one) => typeof one === "string") ?? "there is none");
}

/** A signature with its parameters, whatever they are. */
export interface LabelledSignature {
  readonly input: InnerList;
  readonly parameters: string;
  readonly signature: Uint8Array;
}

/** What stands under a label, or why that cannot be used. */
export function readLabelled(
  input: ReturnType<ReturnType<typeof readDictionary>["get"]>,
  member: typeof input,
): LabelledSignature | string {
  const signature = bytesOf(member);
  if (!isInnerList(input) || signature === undefined || signature.length === 0) {
    return "a label does not stand in both signature and signature-input, as bytes and as a list";
  }
  const identifiers = identifiersOf(input);
  if (identifiers.length > maxComponents) return `it covers more than ${maxComponents} components`;
  if (new Set(identifiers).size !== identifiers.length) return "it covers a component twice";
  return { input, parameters: serializeInnerList(input), signature };
}

function identifiersOf([items]: InnerList): readonly string[] {
  return items.map((item) => serializeItem(item));
}

/** The signature, or why it is not the one. */
function readOne(
  input: Parameters<typeof readLabelled>[0],
  member: typeof input,
  wanted: WantedSignature,
): MessageSignature | string {
  const labelled = readLabelled(input, member);
  if (typeof labelled === "string") return labelled;
  const identifiers = identifiersOf(labelled.input);
  const [, parameters] = labelled.input;
  const missing = wanted.components.find((name) => !identifiers.includes(`"${name}"`));
  if (missing !== undefined) return `it does not cover ${missing}`;
  const created = secondsOf(parameters.get("created"));
  if (created === undefined) return "it has no created in whole seconds";
  const expires = parameters.has("expires") ? secondsOf(parameters.get("expires")) : null;
  if (expires === undefined) return "its expires is not in whole seconds";
  const claims = (name: string): string | undefined => textOf(parameters.get(name));
  if (parameters.has("alg") && claims("alg") !== wanted.algorithm) return `it was not made by ${wanted.algorithm}`;
  if (wanted.keyIds !== undefined && !wanted.keyIds.includes(claims("keyid") ?? "")) return "its keyid is another";
  if (wanted.tag !== undefined && claims("tag") !== wanted.tag) return "its tag is another";
  return { ...labelled, createdMs: created * 1000, ...(expires === null ? {} : { expiresMs: expires * 1000 }) };
}

function secondsOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function malformed(why: string): RejectedError {
  return new RejectedError("ERR_SIGNATURE_MALFORMED", `No signature that can be used: ${why}.`, {
    help: "Compare signature-input with the scheme's components, algorithm, label, keyId and tag.",
  });
}
