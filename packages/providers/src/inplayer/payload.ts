/** A value as it came: every text of a form is a string, `a[b]=` an object, `a[]=` or `a[0]=` a list. */
export type InPlayerFormValue = string | readonly InPlayerFormValue[] | InPlayerForm;

/** A form as it came, parsed but not converted. */
export interface InPlayerForm {
  readonly [field: string]: InPlayerFormValue | undefined;
}

/** What an event of InPlayer carries. */
export interface InPlayerPayload<Type extends string = string, Resource = InPlayerForm> {
  /** InPlayer's id of the event. */
  readonly id: string;
  readonly type: Type;
  /** When the event happened, in Unix seconds. */
  readonly created?: number;
  /** The version of InPlayer's format. Only some events have one. */
  readonly version?: string;
  /** What the event is about, with numbers and booleans in place of their texts. */
  readonly resource: Resource;
  /** The paths of fields whose text is none of their kind, such as `resource.amount`. They are in `form` only. */
  readonly misfits: readonly string[];
  /** The whole form, untouched: every value is text, and `10.00` has its zeros. */
  readonly form: InPlayerForm;
}
