/** What every object that CHIP Send tells of has in common. All of it is signed. */
export interface SendObject {
  /** The object's own id. The same in every event about this object. */
  readonly id: number;
  /** When the object was made, in ISO 8601. */
  readonly created_at: string;
  /** When the object last changed, in ISO 8601. */
  readonly updated_at: string;
}

/** One of some known words, or a word that CHIP added since. */
export type OpenWord<Known extends string> = Known | (string & Record<never, never>);
