/**
 * Some of a payload's fields, at any depth. `undefined` removes a field. A list replaces the whole list, so it is given
 * in full.
 */
export type DeepPartial<Value> = Value extends Whole
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]?: DeepPartial<Value[Key]> | undefined }
    : Value;

/** What is replaced as a whole. A string that is open to more words (`"a" | (string & {})`) would else pass for an object. */
type Whole = string | number | bigint | boolean | null | undefined | readonly unknown[];
