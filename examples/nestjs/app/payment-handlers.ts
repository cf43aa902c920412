import type { EventOf } from "@hooklatch/core";
import { createOnWebhook } from "@hooklatch/nestjs";
import type { ChipEvents } from "@hooklatch/providers/chip";
import { Inject, Injectable } from "@nestjs/common";

import { Warehouse } from "./warehouse.ts";

const OnPayment = createOnWebhook<ChipEvents>("payments");

/** What the shop does when CHIP says that something happened. */
@Injectable()
export class PaymentHandlers {
  readonly #warehouse: Warehouse;

  constructor(@Inject(Warehouse) warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  @OnPayment("purchase.paid")
  async paid({ payload }: EventOf<ChipEvents, "purchase.paid">): Promise<void> {
    await this.#warehouse.ship(payload.reference);
  }

  @OnPayment("purchase.*")
  audit({ type, id }: EventOf<ChipEvents, "purchase.*">): void {
    console.log(`${type} ${id}`);
  }
}
