export { cleengMock } from "./cleeng-mock.ts";
export type { CleengCredentials, CleengMockOptions, CleengMockSignature } from "./cleeng-mock.ts";
