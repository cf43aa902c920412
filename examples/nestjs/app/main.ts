import { NestFactory } from "@nestjs/core";

import { AppModule } from "./app-module.ts";

// CHIP_PUBLIC_KEY="$(cat webhook.pem)" PORT=3000 node dist/main.js
const app = await NestFactory.create(AppModule, { logger: ["warn", "error"] });
app.enableShutdownHooks(); // on SIGTERM: running handlers end, then the server does
await app.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1");
console.log(`Listening for CHIP on ${await app.getUrl()}/webhooks/chip`);
