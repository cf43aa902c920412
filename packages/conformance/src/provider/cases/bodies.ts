import assert from "node:assert/strict";

import type { MockEvent } from "@hooklatch/mock-sender";

import type { Bench } from "../bench.ts";
import { canary } from "../endpoint.ts";

const brokenJson = [`{"${canary}":`, `{"${canary}":1,}`, `{"a":1}${canary}`, `{'${canary}':1}`, "nul", "NaN", "{", "]"];
const badJson = [...brokenJson, `"${canary}"`, `["${canary}"]`, "null", "[]", "1", "true", "", " "];
const brokenForms = [`${canary}=%zz`, `%${canary}=1`, "%"];
const badForms = [...brokenForms, `"${canary}"`, `{"${canary}":1}`, "null", "[]", "1", "", "&&&", "="];

/** Signs bodies that are broken, or whole and no object. */
export async function badBodies<Events>(bench: Bench<Events>): Promise<void> {
  const endpoint = bench.open();
  const bodies = bench.mock.provider.body === "form" ? badForms : badJson;
  for (const body of bodies) {
    const request = await bench.sign(bench.first, { body: Buffer.from(body) });
    await endpoint.refuse(request, `the signed body ${JSON.stringify(body)}`);
  }
}

/** Signs bodies made to harm what reads them. */
export async function hostileBodies<Events>(bench: Bench<Events>): Promise<void> {
  const event = bench.first;
  const isForm = bench.mock.provider.body === "form";
  const endpoint = bench.open();

  for (const body of isForm ? deepForms : deepJson) {
    const request = await bench.sign(event, { body: Buffer.from(body) });
    await endpoint.refuse(request, `the signed body ${body.slice(0, 12)}… of ${body.length} characters`);
  }
  const broken = withField(bench, event, isForm ? "%s=\xff" : `"%s":"\xff"`, "latin1");
  const { error } = await endpoint.refuse(await bench.sign(event, { body: broken }), "a signed body that is not UTF-8");
  assert.equal(error?.code, "ERR_BODY_NOT_UTF8", "A signed body that is not UTF-8 is refused for another reason.");

  const polluting = isForm
    ? ["__proto__[%s]=1", "constructor[prototype][%s]=1", "a[__proto__][%s]=1"]
    : ['"__proto__":{"%s":1}', '"constructor":{"prototype":{"%s":1}}', '"\\u005f_proto__":{"%s":1}'];
  for (const field of polluting) {
    const body = withField(bench, event, field, "utf8");
    const { reply, event: read } = await endpoint.send(await bench.sign(event, { body }));
    assert.ok(reply.status < 500, `A body with ${field} is answered ${reply.status}.`);
    for (const value of [{}, [], read?.payload]) assert.equal(reach(value, canary), undefined, `${field} pollutes.`);
  }
}

/** Signs bytes that change when anybody parses and writes them again. */
export async function exactBytes<Events>(bench: Bench<Events>): Promise<void> {
  const event = bench.first;
  const isForm = bench.mock.provider.body === "form";
  const fields = isForm
    ? ["%s=%24%26+$$+%2b", "%s=%c3%a9%C3%A9", "%s=$%26~*()"]
    : ['"%s":1.0', '"%s":"$& $$ $1 $`"', '"%s":"\\u0026\\/é"', '"%s": 1e2 ,\r\n"%s":2', '\r\n\t"%s":[ ]'];
  for (const field of fields) {
    const body = Buffer.concat([withField(bench, event, field, "utf8"), Buffer.from(isForm ? "" : "\r\n")]);
    const { outcome, error } = await bench.open().send(await bench.sign(event, { body }));
    assert.equal(outcome, "handled", `A signed body with ${JSON.stringify(field)} in it: ${error?.code}`);
  }
}

const depth = 25_000;
const deepJson = [
  "[".repeat(depth),
  "[".repeat(depth) + "]".repeat(depth),
  `${'{"a":'.repeat(depth / 5)}1${"}".repeat(depth / 5)}`,
  `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`,
];
const deepForms = [`a${"[b]".repeat(5000)}=1`, "a[]=1&".repeat(5000), "a=1&".repeat(5000)];

/** The event's bytes with one field more at their start; `%s` is the canary. */
function withField<Events>(bench: Bench<Events>, event: MockEvent, field: string, encoding: "utf8" | "latin1"): Buffer {
  const { bytes } = bench.mock.encode(event);
  const text = field.replaceAll("%s", () => canary);
  if (bench.mock.provider.body === "form") return Buffer.concat([Buffer.from(`${text}&`, encoding), bytes]);
  assert.equal(bytes[0], 0x7b, "The mock's JSON does not start with {.");
  return Buffer.concat([Buffer.from(`{${text},`, encoding), bytes.subarray(1)]);
}

function reach(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
