/** Whether any signature over the parts of a content is good under any of the keys. */
export type SignatureCheck = (
  signatures: readonly Uint8Array[],
  content: readonly (string | Uint8Array)[],
  nowMs: number,
) => boolean | Promise<boolean>;
