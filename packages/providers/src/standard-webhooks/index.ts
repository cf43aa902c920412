export { standardWebhooksProvider } from "./standard-webhooks-provider.ts";
export type { StandardWebhooksProviderOptions } from "./standard-webhooks-provider.ts";
