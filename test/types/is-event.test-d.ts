import { isEvent } from "@hooklatch/core";
import type { EventOf } from "@hooklatch/core";
import type { ChipEvents, Purchase } from "@hooklatch/providers/chip";
import { expectTypeOf, test } from "vitest";

test("isEvent narrows the events of a handler for everything", () => {
  const look = (event: EventOf<ChipEvents, "*">): void => {
    expectTypeOf(event.payload).toBeUnknown();
    if (!isEvent(event, "purchase.paid")) return;
    expectTypeOf(event.type).toEqualTypeOf<"purchase.paid">();
    expectTypeOf(event.payload).toExtend<Purchase>();
  };
  expectTypeOf(look).toBeFunction();
});
