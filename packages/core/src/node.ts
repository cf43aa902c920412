export { readNodeRequest, writeNodeReply } from "./node-http.ts";
export type { NodeRequest } from "./node-http.ts";
export { toNodeListener } from "./to-node-listener.ts";
export type { NodeListener } from "./to-node-listener.ts";
