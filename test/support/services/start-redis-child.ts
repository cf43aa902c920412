import { startRedis } from "./redis.ts";

// A process of its own that starts a server, says where, and waits to be killed.
const { url } = await startRedis();
process.send?.(url);
setInterval(() => {}, 60_000);
