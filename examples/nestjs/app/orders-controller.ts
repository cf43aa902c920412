import { Body, Controller, Get, Inject, Post } from "@nestjs/common";

import { Warehouse } from "./warehouse.ts";

/** Routes of the shop's own. Nest parses their bodies as ever. */
@Controller("orders")
export class OrdersController {
  readonly #warehouse: Warehouse;

  constructor(@Inject(Warehouse) warehouse: Warehouse) {
    this.#warehouse = warehouse;
  }

  @Get("shipped")
  shipped(): readonly string[] {
    return this.#warehouse.shipped;
  }

  @Post()
  create(@Body() order: unknown): unknown {
    return { received: order };
  }
}
