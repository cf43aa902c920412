export { readNodeRequest, writeNodeReply } from "./node-http.ts";
export type { NodeRequest } from "./node-http.ts";
