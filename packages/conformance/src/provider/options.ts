import type { Provider } from "@hooklatch/core";
import type { Keys } from "@hooklatch/core/schemes";
import type { MockPlatform, MockRequest } from "@hooklatch/mock-sender";

import type { ProviderCaseName } from "./case-names.ts";

/** What the suite must know of a provider. */
export interface ProviderConformanceOptions<Events, Credentials> {
  /** Makes a mock of the platform. MUST make new keys each time. */
  readonly mock: () => MockPlatform<Events, Credentials>;
  /** Where the proof of origin stands in a request. */
  readonly signature: SignaturePlace;
  /** How the provider gets its keys or secrets. Left out for a platform whose provider has none. */
  readonly keys?: KeySetup<Events, Credentials>;
  /**
   * For a platform that signs some fields and not the bytes: the part of a payload that is signed. A changed body must
   * then be refused, or be the same event with the same signed part.
   */
  readonly signedPart?: (payload: unknown) => unknown;
  /**
   * Headers that are not signed and still are a part of the event id, each with the reason. In lower case. The suite
   * fails for one of which this is not true.
   */
  readonly unsignedInId?: Readonly<Record<string, string>>;
  /**
   * Cases that the platform makes impossible, each with the reason. They are run all the same and MUST fail, so that a
   * reason does not outlive its truth.
   */
  readonly doesNotApply?: Readonly<Partial<Record<ProviderCaseName, string>>>;
}

/**
 * The header that holds the signature, or how to find it elsewhere. `write` MUST NOT change the request it is given;
 * `undefined` takes the signature away.
 */
export type SignaturePlace =
  | { readonly header: string }
  | {
      readonly read: (request: MockRequest) => string;
      readonly write: (request: MockRequest, signature: string | undefined) => MockRequest;
    };

/** How a provider is set up with what an app is configured with. */
export interface KeySetup<Events, Credentials> {
  /** The key or secret among the credentials of a mock. */
  readonly of: (credentials: Credentials) => string;
  /** The provider with one key, several, or a resolver; also with what is left where a key was forgotten. */
  readonly provider: (keys: Keys<string>) => Provider<Events>;
}
