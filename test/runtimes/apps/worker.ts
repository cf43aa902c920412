// A Worker, as docs/adapters/fetch.md shows it.
import { answerError, createApp, readSetups } from "./app.ts";

interface ExecutionContext {
  waitUntil(work: Promise<unknown>): void;
}

const receive = createApp(readSetups());

const worker = {
  async fetch(request: Request, _env: unknown, context: ExecutionContext): Promise<Response> {
    try {
      return await receive(request, {
        remoteAddress: request.headers.get("cf-connecting-ip") ?? undefined,
        waitUntil: (work) => context.waitUntil(work),
      });
    } catch {
      return answerError();
    }
  },
};

// Workers are found by their default export.
export default worker;
