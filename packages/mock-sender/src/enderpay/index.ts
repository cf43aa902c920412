export { enderpayMock } from "./enderpay-mock.ts";
export type { EnderpayCredentials, EnderpayMockOptions } from "./enderpay-mock.ts";
