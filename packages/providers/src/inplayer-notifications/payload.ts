import type { BodyObject } from "@hooklatch/core";

/** What a notification of InPlayer carries. */
export interface InPlayerNotification<Type extends string = string, Resource = BodyObject> {
  readonly type: Type;
  /** When it happened, in Unix seconds. */
  readonly timestamp?: number;
  /** The account whose connection it came over. It stands in no message; not set where it did not come over one. */
  readonly accountUuid?: string;
  /** What it is about; empty where InPlayer sends none. Times that are not set are left out. */
  readonly resource: Resource;
  /** The whole message, untouched. */
  readonly message: BodyObject;
}
