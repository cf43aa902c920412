export { shopifyMock } from "./shopify-mock.ts";
export type { SecretCredentials, SecretMockOptions } from "../mock-secret.ts";
