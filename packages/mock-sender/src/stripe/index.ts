export { stripeMock } from "./stripe-mock.ts";
export type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
