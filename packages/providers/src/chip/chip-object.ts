/** What every object that CHIP sends has in common. */
export interface ChipObject {
  /** The object's own id, a UUID. The same in every event about this object. */
  readonly id: string;
  /** Which kind of object this is. */
  readonly type: string;
  /** When the object was made, in Unix seconds. */
  readonly created_on: number;
  /** When the object last changed, in Unix seconds. */
  readonly updated_on: number;
  /** The event's type. A success callback may leave it out; `event.type` always has it. */
  readonly event_type?: string;
}

/** One of some known words, or a word that CHIP added since. */
export type OpenWord<Known extends string> = Known | (string & Record<never, never>);
