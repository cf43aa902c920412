export { inplayerMock } from "./inplayer-mock.ts";
export type { InPlayerCredentials, InPlayerMockOptions } from "./inplayer-mock.ts";
