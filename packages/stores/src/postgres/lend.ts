/** Something lent to handlers, which stops working when its time is over. */
export interface Loan<Value extends object> {
  readonly value: Value;
  end(): void;
}

/**
 * Lends what handlers write with. A handler that is out of time, or did not wait for its own query, would else write on a
 * connection that has gone back to its pool: outside any transaction, or inside that of another delivery.
 */
export function lend<Value extends object>(target: Value): Loan<Value> {
  let isOver = false;

  function guard<Guarded extends object>(original: Guarded): Guarded {
    const guarded: Guarded = new Proxy(original, {
      get(_original, name) {
        const member: unknown = Reflect.get(original, name);
        // Not bound: what hangs on a function of `postgres` is still there.
        return isCallable(member) ? new Proxy(member, { apply: callMember(name) }) : member;
      },
      apply: (_original, _self, values) => (isCallable(original) ? call(original, undefined, values) : undefined),
    });

    const callMember =
      (name: string | symbol) =>
      (method: Callable, _self: unknown, values: unknown[]): unknown => {
        if (name === "release") throw new Error("The store gives the connection back.");
        const result = call(method, original, name === "savepoint" ? values.map(guardCallback) : values);
        return result === original ? guarded : result;
      };
    return guarded;
  }

  /** What is nested in the transaction is lent for as long as the transaction itself. */
  const guardCallback = (value: unknown): unknown =>
    isCallable(value) ? (inner: object): unknown => value(guard(inner)) : value;

  function call(callable: Callable, self: unknown, values: unknown[]): unknown {
    if (isOver) throw new Error("The transaction of this delivery is over.");
    const result = Reflect.apply(callable, self, values);
    return isQuery(result) ? guard(result) : result;
  }

  return { value: guard(target), end: () => void (isOver = true) };
}

type Callable = (...values: unknown[]) => unknown;

function isCallable(value: unknown): value is Callable {
  return typeof value === "function";
}

/** A query of `postgres` runs when it is awaited, which may be late. */
function isQuery(value: unknown): value is object {
  return value instanceof Promise && "execute" in value;
}
