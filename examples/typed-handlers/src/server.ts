import { createApp } from "./app.ts";

// CHIP_PUBLIC_KEY="$(cat webhook.pem)" PARCEL_SECRET=whsec_… STOCK_SECRET=whsec_… PORT=3000 node src/server.ts
const server = createApp(process.env).listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const address = server.address();
  console.log(`Listening on http://127.0.0.1:${typeof address === "object" ? address?.port : undefined}/`);
});

process.once("SIGTERM", () => server.close());
