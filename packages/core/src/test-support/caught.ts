import { WebhookError } from "../errors.ts";

/** The code and status of the {@link WebhookError} that something throws or rejects with. */
export async function refusalOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    if (error instanceof WebhookError) return `${error.code} ${error.status}`;
    throw error;
  }
  return "nothing";
}

/** What a call throws at once. */
export function thrownBy(work: () => unknown): WebhookError {
  try {
    work();
  } catch (error) {
    if (error instanceof WebhookError) return error;
    throw error;
  }
  throw new Error("It threw nothing.");
}
