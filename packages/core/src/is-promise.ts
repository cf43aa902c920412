/** Whether a value has to be awaited. Not `instanceof`: test runners have a `Promise` of their own in each realm. */
export function isPromise<Value>(value: Value | PromiseLike<Value>): value is PromiseLike<Value> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
