/**
 * Decorates a method as the compiler would: from the last decorator to the first. Node strips types and knows no
 * decorators.
 */
export function decorateMethod<Instance extends object, Key extends keyof Instance & string>(
  owner: new (...args: never[]) => Instance,
  key: Key,
  ...decorators: readonly ((
    target: object,
    key: string,
    descriptor: TypedPropertyDescriptor<Instance[Key]>,
  ) => unknown)[]
): void {
  const prototype: unknown = owner.prototype;
  // A method stands on the prototype of its class.
  const descriptor = Object.getOwnPropertyDescriptor(prototype, key) as TypedPropertyDescriptor<Instance[Key]>;
  for (const decorate of decorators.toReversed()) decorate(prototype as object, key, descriptor);
  Object.defineProperty(prototype, key, descriptor);
}
