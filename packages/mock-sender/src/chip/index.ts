export { chipMock } from "./chip-mock.ts";
export type { ChipCredentials, ChipMockOptions } from "./chip-mock.ts";
