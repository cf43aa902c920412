import { createReceiver } from "@hooklatch/core";
import type { Receiver } from "@hooklatch/core";
import { inplayerNotifications } from "@hooklatch/providers/inplayer-notifications";
import type { InPlayerNotificationEvents } from "@hooklatch/providers/inplayer-notifications";

/** A foyer: who may watch what, as InPlayer says it. */
export interface Foyer {
  readonly notifications: Receiver<InPlayerNotificationEvents>;
  /** The assets that are open. */
  readonly open: ReadonlySet<number>;
}

/** Builds the foyer. Opens no connection, so that a test can build it too. */
export function createFoyer(announce: (line: string) => void): Foyer {
  const open = new Set<number>();
  const notifications = createReceiver({ provider: inplayerNotifications() });

  notifications.on("access.granted", ({ payload: { resource } }) => {
    open.add(resource.item.id);
    announce(`open: ${resource.item.title}`);
  });
  notifications.on("access.revoked", ({ payload: { resource } }) => {
    open.delete(resource.item_id);
    announce(`shut: ${resource.item_id}`);
  });
  notifications.on("payment.card.success", ({ payload: { resource } }) => {
    announce(`paid: ${resource.amount} ${resource.currency_iso}`);
  });
  notifications.on("payment.card.requires.action", ({ payload: { resource } }) => {
    announce(`confirm at ${new URL(resource.redirect_to_url).host}`);
  });
  notifications.on("account.*", ({ type }) => {
    open.clear();
    announce(`everything shut: ${type}`);
  });
  return { notifications, open };
}
