export { HooklatchModule } from "./hooklatch-module.ts";
export type { HooklatchAsyncOptions, HooklatchDynamicModule } from "./hooklatch-module.ts";
export type { HooklatchOptions, NestReceiver, ReceiverMount } from "./hooklatch-options.ts";
export { createOnWebhook, OnWebhook } from "./on-webhook.ts";
export type { HandlerDecorator, OnWebhookOptions } from "./on-webhook.ts";
