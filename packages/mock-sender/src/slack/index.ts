export { slackMock } from "./slack-mock.ts";
export type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
