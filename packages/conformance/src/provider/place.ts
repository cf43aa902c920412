import assert from "node:assert/strict";

import type { MockRequest } from "@hooklatch/mock-sender";

import type { SignaturePlace } from "./options.ts";

/** A place where a signature stands, ready for use. */
export interface Place {
  /** In lower case; `undefined` where the signature stands elsewhere. */
  readonly header: string | undefined;
  /** Fails where there is no signature. */
  read(request: MockRequest): string;
  write(request: MockRequest, signature: string | undefined): MockRequest;
}

/** Reads the option. */
export function toPlace(place: SignaturePlace): Place {
  if (!("header" in place)) return { header: undefined, read: place.read, write: place.write };
  const header = place.header.toLowerCase();
  return {
    header,
    read({ headers }) {
      const value = headers[header];
      assert.ok(value !== undefined && value !== "", `The mock sent no header ${header}.`);
      return value;
    },
    write(request, signature) {
      const { [header]: _old, ...others } = request.headers;
      return { ...request, headers: signature === undefined ? others : { ...others, [header]: signature } };
    },
  };
}
