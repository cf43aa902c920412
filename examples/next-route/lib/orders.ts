const shipped = new Set<string>();

/** Sends the goods of a paid order. Safe to repeat. A shop of more than one process asks its database here. */
export async function ship(reference: string): Promise<void> {
  shipped.add(reference);
}

/** The orders that were shipped, oldest first. */
export async function listShipped(): Promise<readonly string[]> {
  return [...shipped];
}
