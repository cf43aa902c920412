import { stripTypeScriptTypes } from "node:module";

/** A jest transform: takes the types out of a source, as Node itself does. Lines and columns stay where they were. */
export function process(sourceText: string): { readonly code: string } {
  return { code: stripTypeScriptTypes(sourceText) };
}
