import { connectNotifications } from "@hooklatch/inplayer-notifications";

import { createFoyer } from "./foyer.ts";

// INPLAYER_ACCESS_TOKEN=… INPLAYER_ACCOUNT_UUID=… node src/main.ts
const {
  INPLAYER_ACCESS_TOKEN,
  INPLAYER_ACCOUNT_UUID = "",
  INPLAYER_CREDENTIALS_URL,
  INPLAYER_BROKER_URL,
} = process.env;

const { notifications } = createFoyer((line) => console.log(line));
const connection = connectNotifications({
  accessToken: INPLAYER_ACCESS_TOKEN ?? "",
  accountUuid: INPLAYER_ACCOUNT_UUID,
  receiver: notifications,
  maxConcurrent: 1, // so that a grant and what takes it back are handled in their order
  // For the mock, which stands elsewhere.
  ...(INPLAYER_CREDENTIALS_URL === undefined || INPLAYER_BROKER_URL === undefined
    ? {}
    : { environment: { credentialsUrl: INPLAYER_CREDENTIALS_URL, brokerUrl: INPLAYER_BROKER_URL } }),
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => void stop());
}

try {
  await connection.ready;
  console.log("Listening to InPlayer.");
} catch {
  process.exitCode = 1; // the reason has been logged
  await notifications.close();
}

async function stop(): Promise<void> {
  await connection.close(); // no more messages; those that came are handled
  await notifications.close();
}
