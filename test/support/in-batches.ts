/** Runs a task for each item, a few at a time, and joins what the tasks answer. */
export async function inBatches<Item, Value>(
  items: Iterable<Item>,
  task: (item: Item) => Promise<readonly Value[]>,
): Promise<readonly Value[]> {
  const iterator = items[Symbol.iterator]();
  const values: Value[] = [];
  const worker = async (): Promise<void> => {
    for (let next = iterator.next(); next.done !== true; next = iterator.next())
      values.push(...(await task(next.value)));
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return values;
}
