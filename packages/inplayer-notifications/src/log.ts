import { printable } from "@hooklatch/core";

import type { LostNotification, StateChange } from "./state.ts";

const head = "[hooklatch] inplayer-notifications";

/** Writes one line to standard error where a connection was lost or could not be made; the default `onState`. */
export function logState({ state, reason }: StateChange): void {
  if (reason === undefined) return;
  const line = `${head} ${state} ${reason.code}: ${reason.message} ${reason.help}`;
  if (state === "closed") console.error(line);
  else console.warn(line);
}

/** Writes one line to standard error for each message that was lost; the default `onLost`. */
export function logLost({ error, attempts, eventType, eventId }: LostNotification): void {
  const event = eventType === undefined ? "" : ` ${printable(eventType)} ${printable(eventId ?? "")}`;
  console.error(`${head}${event} lost after ${attempts} attempts ${error.code}: ${printable(error.message, 200)}`);
}
