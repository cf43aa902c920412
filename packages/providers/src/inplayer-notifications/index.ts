export { inplayerNotifications } from "./inplayer-notifications.ts";
export type { InPlayerNotificationsOptions } from "./inplayer-notifications.ts";
export { inplayerNotificationTypes } from "./events.ts";
export type { InPlayerNotificationEvents, InPlayerNotificationType } from "./events.ts";
export type { InPlayerNotification } from "./payload.ts";
export type {
  AccessGrant,
  AccessLoss,
  AccountChange,
  Asset,
  AssetType,
  Cancellation,
  FailedPayment,
  Payment,
  RequiredAction,
} from "./resources.ts";
