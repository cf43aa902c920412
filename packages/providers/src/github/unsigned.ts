import type { Delivery } from "@hooklatch/core";

/**
 * What GitHub says of a delivery in headers, which it does not sign: whoever holds a captured delivery can send it again
 * with others. Good for logs; never decide by it.
 */
export interface GitHubUnsigned {
  /** `X-GitHub-Event`: the first part of the event's type. Compared with the signed body as far as that can be done. */
  readonly event: string;
  /** `X-GitHub-Delivery`: what GitHub's list of recent deliveries calls this one. The same when it is redelivered. */
  readonly deliveryId?: string;
  /** `X-GitHub-Hook-ID`. */
  readonly hookId?: string;
  /** `X-GitHub-Hook-Installation-Target-Type`: `repository`, `organization`, `integration` and others. */
  readonly targetType?: string;
  /** `X-GitHub-Hook-Installation-Target-ID`. */
  readonly targetId?: string;
}

/** Reads what is not signed. */
export function readUnsigned(delivery: Delivery): GitHubUnsigned {
  const event = delivery.header("x-github-event") ?? "";
  const deliveryId = delivery.header("x-github-delivery");
  const hookId = delivery.header("x-github-hook-id");
  const targetType = delivery.header("x-github-hook-installation-target-type");
  const targetId = delivery.header("x-github-hook-installation-target-id");
  return {
    event,
    ...(deliveryId === undefined ? {} : { deliveryId }),
    ...(hookId === undefined ? {} : { hookId }),
    ...(targetType === undefined ? {} : { targetType }),
    ...(targetId === undefined ? {} : { targetId }),
  };
}
