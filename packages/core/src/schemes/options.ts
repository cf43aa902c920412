/** How a signature is written in its header. Anything but the canonical form is refused. */
export type SignatureEncoding = "hex" | "base64" | "base64url";

/** Something that fetches secrets or keys when they are needed, such as from a vault or from the platform. */
export type Resolver<Key> = () => Promise<Key | readonly Key[]>;

/** One secret or key, several (while they are rotated), a resolver, or any mix of them. */
export type Keys<Key> = Key | Resolver<Key> | readonly (Key | Resolver<Key>)[];

/** What the schemes that read a signature from a header have in common. */
export interface SignatureOptions {
  /** The header that carries the signature. */
  readonly header: string;
  readonly encoding: SignatureEncoding;
  /** What stands before the signature in its header, such as `sha256=`. Required of every request when given. */
  readonly prefix?: string;
  /** How the header is made up where it holds several values, such as Stripe's `t=1,v1=ab,v1=cd`. */
  readonly fields?: SignatureFields;
  /**
   * What is signed, as a template. `{body}` stands for the exact bytes and MUST occur, `{timestamp}` for the signed
   * time, `{header:x-name}` for the value of another header. Default: `{body}`.
   *
   * @example "v0:{timestamp}:{body}"
   */
  readonly content?: string;
  /** The time that is signed with the body. MUST occur in `content`. */
  readonly timestamp?: TimestampOptions;
  /** How long resolved secrets or keys are kept, in milliseconds. Default: 5 minutes. */
  readonly cacheMs?: number;
  /**
   * When no resolved key fits a signature, they are resolved anew, but not before this many milliseconds have gone by
   * since the last time. Default: 1 minute.
   */
  readonly refreshCooldownMs?: number;
}

/** A header that holds named values, of which some are signatures: any one that fits is enough. */
export interface SignatureFields {
  /** What stands between two values: `,` in `t=1,v1=ab`. */
  readonly separator: string;
  /** What stands between a name and its value: `=` in `t=1,v1=ab`. */
  readonly assign: string;
  /** The name of the signatures. Values of other names, such as those of older versions, prove nothing. */
  readonly signature: string;
}

/** A signed time, as a whole number in decimal digits, in a header of its own or in a field of the signature's. */
export type TimestampOptions = ({ readonly header: string } | { readonly field: string }) & {
  readonly unit?: "seconds" | "milliseconds";
  /** How far it may lie from now, either way. Default: 5 minutes. */
  readonly toleranceMs?: number;
};
