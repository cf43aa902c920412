export { paddleMock } from "./paddle-mock.ts";
export type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
