import type { MockMoment } from "../mock-platform.ts";

/** The events of an invented address book, for tests that need just any platform that follows the standard. */
export interface ContactEvents {
  readonly "contact.created": { readonly id: string; readonly email: string; readonly tags: readonly string[] };
  readonly "contact.updated": { readonly id: string; readonly email: string; readonly tags: readonly string[] };
  readonly "contact.deleted": { readonly id: string; readonly deleted: true };
}

/** One payload for each of them. */
export const contactFixtures = {
  "contact.created": (moment: MockMoment) => ({ ...contact(moment), tags: ["newsletter"] }),
  "contact.updated": (moment: MockMoment) => ({ ...contact(moment), tags: ["newsletter", "première"] }),
  "contact.deleted": (moment: MockMoment) => ({ id: contact(moment).id, deleted: true as const }),
};

function contact(moment: MockMoment) {
  return { id: `con_${moment.uuid("contact")}`, email: `reader-${moment.sequence}@post.example` };
}
