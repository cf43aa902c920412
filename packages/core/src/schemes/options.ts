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
  /**
   * What is signed, as a template. `{body}` stands for the exact bytes and MUST occur, `{timestamp}` for the value of
   * the timestamp header, `{header:x-name}` for the value of another header. Default: `{body}`.
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

/** A signed time. */
export interface TimestampOptions {
  /** The header that carries it, as a whole number in decimal digits. */
  readonly header: string;
  readonly unit?: "seconds" | "milliseconds";
  /** How far it may lie from now, either way. Default: 5 minutes. */
  readonly toleranceMs?: number;
}
