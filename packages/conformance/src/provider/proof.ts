import assert from "node:assert/strict";

import type { Delivery, Scheme } from "@hooklatch/core";
import { RejectedError } from "@hooklatch/core/errors";
import type { MockRequest } from "@hooklatch/mock-sender";

/** Asks a scheme alone, for changes that are too many to send a whole delivery for each. */
interface Proof {
  /** Fails, and says what was wrong with the request, when the scheme proves it. */
  refuse(request: MockRequest, what: string): Promise<void>;
}

/** Takes the scheme at one moment. Fails unless it proves this request: what it never proves says nothing. */
export async function toProof(scheme: Scheme, at: { readonly nowMs: number; readonly genuine: MockRequest }) {
  const isProven = async (request: MockRequest): Promise<boolean> => {
    try {
      return (await scheme.verify(toDelivery(request, at.nowMs), at.nowMs)) === request.body;
    } catch (cause) {
      assert.ok(cause instanceof RejectedError, `The scheme throws what is no RejectedError: ${String(cause)}`);
      return false;
    }
  };
  assert.ok(await isProven(at.genuine), "The scheme does not prove the request before it is changed.");
  const proof: Proof = {
    async refuse(request, what) {
      assert.ok(!(await isProven(request)), `The scheme proves ${what}.`);
    },
  };
  return proof;
}

function toDelivery({ method, url, headers, body }: MockRequest, receivedAtMs: number): Delivery {
  const { pathname, search } = new URL(url);
  return {
    method,
    url: pathname + search,
    receivedAtMs,
    body,
    // The names of the requests that mocks sign are in lower case.
    header: (name) => headers[name.toLowerCase()],
  };
}
