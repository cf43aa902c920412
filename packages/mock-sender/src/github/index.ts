export { githubMock } from "./github-mock.ts";
export type { GitHubMockOptions } from "./github-mock.ts";
export type { SecretCredentials } from "../mock-secret.ts";
