import { expect, test } from "vitest";

import { created, outcomeOfMessage, signMessage } from "../../test-support/test-messages.ts";

const message = signMessage();
const input = String(message.headers["signature-input"]);
const signature = String(message.headers["signature"]);

const withHeader = (name: string, value: string) =>
  outcomeOfMessage({ ...message, headers: { ...message.headers, [name]: value } });

test.each([
  ["no member", "="],
  ["a label in upper case", input.replace("sig1", "Sig1")],
  ["a list that is not closed", input.replace(")", "")],
  ["a list in a list", input.replace('"@path"', '("@path")')],
  ["a component that is no text", input.replace('"@path"', "path")],
  ["two spaces between components", input.replace(" ", "  ")],
  ["a comma between components", input.replace(" ", ", ")],
  ["a space before a parameter", input.replace(";created", "; created")],
  ["an item in place of a list", `sig1="@method";created=${created}`],
  ["a flag in place of a list", "sig1"],
  ["a comma at the end", `${input},`],
  ["a null character", `${input}\0`],
  ["a non-ASCII label", `é${input}`],
  ["ten thousand brackets", `sig1=${"(".repeat(8_000)}`],
  ["ten thousand parameters", `${input}${";a".repeat(4_000)}`],
  ["a member that is too long", `${input};x="${"a".repeat(8_192)}"`],
  ["__proto__", `__proto__=${input.slice(5)}`],
])("Signature-Input with %s is refused", async (_what, value) => {
  expect(await withHeader("signature-input", value)).toBe("ERR_SIGNATURE_MALFORMED 401");
});

test.each([
  ["text in place of bytes", signature.replaceAll(":", '"')],
  ["no colons", signature.replaceAll(":", "")],
  ["no bytes", "sig1=::"],
  ["a parameter", `${signature};a=1`],
  ["no padding", signature.replace("==:", ":")],
  ["base64url", signature.replace("==:", "-_:")],
  ["unused bits that are set", signature.replace(/.==:$/, (end) => `${next(end[0])}==:`)],
  ["a line break inside", signature.replace(":", ":\n")],
  ["a list", `sig1=(${signature.slice(5)})`],
])("Signature with %s is refused", async (_what, value) => {
  expect(await withHeader("signature", value)).toBe("ERR_SIGNATURE_MALFORMED 401");
});

test.each(["", " ", "\t ", " ".repeat(7_900)])(
  "blanks %j beside the comma between two members do no harm",
  async (blanks) => {
    const inputs = `${input}${blanks},${blanks.slice(0, 20)}b=();created=1`;
    const headers = { ...message.headers, "signature-input": inputs, signature: `  ${signature}\t` };
    expect(await outcomeOfMessage({ ...message, headers })).toBe("nothing");
  },
);

/** The next letter of base64: after 64 bytes it differs in unused bits alone. */
function next(letter = "A"): string {
  return String.fromCharCode(letter.charCodeAt(0) + 1);
}
