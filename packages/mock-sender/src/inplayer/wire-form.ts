import { isDeepStrictEqual } from "node:util";

import type { InPlayerForm, InPlayerFormValue } from "@hooklatch/providers/inplayer";

/** A payload with overrides merged into it: what it holds is up to whoever made them. */
export type LoosePayload = Readonly<Record<string, unknown>>;

/**
 * Makes the form that a payload stands for. A payload holds each value twice: as text in `form`, and converted. Where the
 * converted one is not the fixture's, it is written anew as text, in the fixture's manner; a text in `form` that is not
 * the fixture's goes before it.
 */
export function toWireForm(payload: LoosePayload, fixture: LoosePayload = {}): InPlayerForm {
  const { form: given, misfits: _, resource, ...envelope } = payload;
  const { form: usual, misfits: __, resource: usualResource, ...usualEnvelope } = fixture;
  const form = toRecord(given);
  const wire = overlay(form, { usual: toRecord(usual), changed: envelope, fixture: usualEnvelope });
  const texts = overlay(toRecord(form["resource"]), {
    usual: toRecord(toRecord(usual)["resource"]),
    changed: toRecord(resource),
    fixture: toRecord(usualResource),
  });
  // An override may put a text where the resource is.
  const isReplaced = typeof form["resource"] === "string" || Array.isArray(form["resource"]);
  return toForm(isReplaced ? wire : { ...wire, resource: texts });
}

interface Layers {
  /** The fixture's texts. */
  readonly usual: LoosePayload;
  /** The converted values, perhaps changed. */
  readonly changed: LoosePayload;
  /** The fixture's converted values. */
  readonly fixture: LoosePayload;
}

function overlay(texts: LoosePayload, { usual, changed, fixture }: Layers): LoosePayload {
  const merged = new Map(Object.entries(texts));
  for (const name of new Set([...Object.keys(changed), ...Object.keys(fixture)])) {
    const isUsual = isDeepStrictEqual(changed[name], fixture[name]);
    if (isUsual || !isDeepStrictEqual(texts[name], usual[name])) continue;
    if (changed[name] === undefined) merged.delete(name);
    else merged.set(name, writeLike(usual[name], changed[name]));
  }
  return Object.fromEntries(merged);
}

/** InPlayer writes a boolean as a digit or as a word, and an amount most often with two decimals. */
function writeLike(usual: unknown, value: unknown): unknown {
  if (typeof value === "boolean" && (usual === "0" || usual === "1")) return value ? "1" : "0";
  if (typeof value === "number" && typeof usual === "string" && /\.\d\d$/.test(usual)) {
    return Number(value.toFixed(2)) === value ? value.toFixed(2) : value;
  }
  return value;
}

/** Turns everything into text. What has none is left out, as PHP does with `null`. */
function toForm(value: LoosePayload): InPlayerForm {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, item]) => {
      const text = toValue(item);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

function toValue(value: unknown): InPlayerFormValue | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    const items = value.map((item) => toValue(item) ?? "");
    return items.length === 0 ? undefined : items;
  }
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const form = toForm(toRecord(value));
  return Object.keys(form).length === 0 ? undefined : form;
}

function toRecord(value: unknown): LoosePayload {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
