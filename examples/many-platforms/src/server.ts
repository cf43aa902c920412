import { createApp } from "./app.ts";

// STRIPE_WEBHOOK_SECRET=… CHIP_PUBLIC_KEY=… GITHUB_WEBHOOK_SECRET=… SLACK_SIGNING_SECRET=… PORT=3000 node src/server.ts
const { app, close } = createApp(process.env);

const server = app.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => {
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  console.log(`Listening on http://127.0.0.1:${port}/webhooks/`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(); // no new connections
    void close();
  });
}
