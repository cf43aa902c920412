import { expect, test } from "vitest";

import { thrownBy } from "../test-support/caught.ts";
import { assertHash } from "./hash.ts";

test.each(["sha1", "sha256", "sha384", "sha512", "sha3-256"])("knows %s", (hash) => {
  expect(() => assertHash(hash)).not.toThrow();
});

test.each(["", "sha-257", "__proto__", "shake256", "none"])("refuses %j and names the option", (hash) => {
  const error = thrownBy(() => assertHash(hash));
  expect(error).toMatchObject({ code: "ERR_OPTION_INVALID", status: 500 });
  expect(error.message).toContain("hash");
  expect(error.message).toContain(JSON.stringify(hash));
});
