export { chipSendMock } from "./chip-send-mock.ts";
export type { ChipSendCredentials, ChipSendMockOptions } from "./chip-send-mock.ts";
