export { createMockNotifications } from "./create-mock-notifications.ts";
export type {
  MockNotifications,
  MockNotificationsCredentials,
  MockNotificationsOptions,
  PublishedNotification,
} from "./create-mock-notifications.ts";
export type { MockNotificationMessage } from "./notification-fixtures.ts";
