// A server on Deno, as docs/adapters/fetch.md shows it. Prints its port; ends on SIGTERM.
import { answerError, createApp, readSetups } from "./app.ts";

const receive = createApp(readSetups());

const server = Deno.serve(
  {
    port: 0,
    hostname: "127.0.0.1",
    onListen: ({ port }) => console.log(JSON.stringify({ port })),
    onError: answerError,
  },
  (request, info) => receive(request, { remoteAddress: info.remoteAddr.hostname }),
);

process.once("SIGTERM", () => void server.shutdown());
