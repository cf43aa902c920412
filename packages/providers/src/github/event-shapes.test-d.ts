import type { EmitterWebhookEvent, EmitterWebhookEventName } from "@octokit/webhooks";
import { expectTypeOf, test } from "vitest";

import type { eventShapes } from "./event-shapes.ts";

type Shapes = typeof eventShapes;
type Name = keyof Shapes;
type BodyOf<Event extends Name> = EmitterWebhookEvent<Event>["payload"];

/** The first part of a path. */
type Root<Path> = Path extends `${infer Head}.${string}` ? Head : Path;
type Has<Event extends Name> = Root<Shapes[Event]["has"][number]>;
type May<Event extends Name> = Shapes[Event] extends { readonly may: readonly (infer Path)[] } ? Root<Path> : never;

type Keys<Body> = Body extends unknown ? keyof Body : never;
type IsRequired<Body, Key> = Body extends unknown
  ? Key extends keyof Body
    ? Pick<Body, Key> extends Required<Pick<Body, Key>>
      ? true
      : false
    : false
  : never;

/** Fields that an event is said to have always and that a type of its bodies leaves out. */
type Missing = {
  readonly [Event in Name]: {
    readonly [Key in Has<Event>]: false extends IsRequired<BodyOf<Event>, Key> ? `${Event}: ${Key}` : never;
  }[Has<Event>];
}[Name];

/** Fields by which another event is known and that an event is not said to have, though a type of its bodies has them. */
type Telling = Exclude<{ readonly [Event in Name]: Has<Event> }[Name], "repository" | "organization" | "installation">;
type Unsaid = {
  readonly [Event in Name]: `${Event}: ${Exclude<Extract<Keys<BodyOf<Event>>, Telling>, Has<Event> | May<Event>>}`;
}[Name];

test("the shapes are those of all events that the package knows", () => {
  type BareName = Exclude<EmitterWebhookEventName, `${string}.${string}`>;
  expectTypeOf<Name>().toEqualTypeOf<BareName>();
});

test("what an event is said to have always, every type of its bodies has", () => {
  // GitHub sends `zen` with every ping; the package's type does not promise it.
  expectTypeOf<Missing>().toEqualTypeOf<"ping: zen">();
});

test("what tells one event is not a field of another, unless it is said so", () => {
  expectTypeOf<Unsaid>().toEqualTypeOf<never>();
});
