export { paddle } from "./paddle.ts";
export type { PaddleOptions } from "./paddle.ts";
export type { SecretOptions } from "../secret-options.ts";
export { paddleEventTypes } from "./events.ts";
export type { PaddleEntity, PaddleEvents, PaddleEventType, PaddleNotification } from "./events.ts";
