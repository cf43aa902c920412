/**
 * Whether a type is `any`, which is what the types of an optional package are where it is not installed: an event map
 * made of them would take every name and check nothing.
 */
// In tuples: the compiler takes a type that it could not find for the answer itself where it stands bare.
export type IsAny<Value> = [0] extends [1 & Value] ? true : false;
