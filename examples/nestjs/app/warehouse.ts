import { setTimeout as sleep } from "node:timers/promises";

import { Injectable } from "@nestjs/common";

/** Sends the goods of paid orders. */
@Injectable()
export class Warehouse {
  readonly #shipped = new Set<string>();

  /** Safe to repeat: an order that was shipped is not shipped again. */
  async ship(reference: string): Promise<void> {
    if (this.#shipped.has(reference)) return;
    await sleep(5); // the call to your warehouse
    this.#shipped.add(reference);
  }

  get shipped(): readonly string[] {
    return [...this.#shipped];
  }
}
