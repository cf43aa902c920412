import { createReceiver } from "@hooklatch/core";
import { HooklatchModule } from "@hooklatch/nestjs";
import { chip } from "@hooklatch/providers/chip";
import { Module } from "@nestjs/common";

import { OrdersController } from "./orders-controller.ts";
import { PaymentHandlers } from "./payment-handlers.ts";
import { Warehouse } from "./warehouse.ts";

/** The shop. Its receiver is made when the app starts, so that every app of a test has its own. */
@Module({
  imports: [
    HooklatchModule.forRootAsync({
      useFactory: () => ({
        receivers: [
          {
            name: "payments",
            path: "/webhooks/chip",
            receiver: createReceiver({ provider: chip({ publicKey: process.env["CHIP_PUBLIC_KEY"] ?? "" }) }),
          },
        ],
      }),
    }),
  ],
  controllers: [OrdersController],
  providers: [PaymentHandlers, Warehouse],
})
export class AppModule {
  onApplicationShutdown(): void {
    console.log("The shop is closed.");
  }
}
