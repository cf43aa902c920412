export { github } from "./github.ts";
export type { GitHubOptions } from "./github.ts";
export type { SecretOptions } from "../secret-options.ts";
export type { GitHubEvents, GitHubEventType, GitHubPayload } from "./events.ts";
export type { GitHubUnsigned } from "./unsigned.ts";
