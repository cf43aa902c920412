export { inplayer } from "./inplayer.ts";
export type { InPlayerOptions } from "./inplayer.ts";
export type { SecretOptions } from "../secret-options.ts";
export { inplayerEventTypes } from "./events.ts";
export type { InPlayerEvents, InPlayerEventType } from "./events.ts";
export type { InPlayerForm, InPlayerFormValue, InPlayerPayload } from "./payload.ts";
export type {
  Access,
  CardSale,
  Customer,
  FailedOperation,
  FailedUpdate,
  FreemiumGrant,
  PasswordUpdate,
  RecurringSale,
  Refund,
  Sale,
} from "./resources.ts";
