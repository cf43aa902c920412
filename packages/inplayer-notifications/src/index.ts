export { connectNotifications } from "./connect-notifications.ts";
export type { NotificationsConnection } from "./connect-notifications.ts";
export type { AccessToken, ConnectNotificationsOptions, NotificationReceiver } from "./options.ts";
export type { ConnectionState, LostNotification, StateChange } from "./state.ts";
export type { NotificationsEnvironment } from "./environment.ts";
export { logLost, logState } from "./log.ts";
