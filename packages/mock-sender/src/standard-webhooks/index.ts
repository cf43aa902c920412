export { standardWebhooksMock } from "./standard-webhooks-mock.ts";
export type {
  StandardWebhooksCredentials,
  StandardWebhooksFixtures,
  StandardWebhooksMockOptions,
} from "./standard-webhooks-mock.ts";
export type { ContactEvents } from "./contact-events.ts";
