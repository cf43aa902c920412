// A server on Bun, as docs/adapters/fetch.md shows it. Prints its port; ends on SIGTERM.
import { answerError, createApp, readSetups } from "./app.ts";

const receive = createApp(readSetups());

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch: (request, self) => receive(request, { remoteAddress: self.requestIP(request)?.address }),
  error: answerError,
});

process.once("SIGTERM", () => void server.stop());
console.log(JSON.stringify({ port: server.port }));
