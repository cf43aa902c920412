import { hosts } from "./hosts.ts";
import { createMovingClock } from "./moving-clock.ts";
import { post } from "./post.ts";
import { createProbe } from "./probe.ts";
import { chipSigner } from "./signing.ts";

// A process of its own, on another day: `node event-id.ts <body>` prints the id of the event that CHIP's body is.
const [body = ""] = process.argv.slice(2);
const [host] = hosts;
if (host === undefined) throw new Error("there is no host");

const clock = createMovingClock();
clock.move(40 * 86_400_000);
const { receiver, events } = createProbe(chipSigner.provider, { clock });
const running = await host.start(receiver);
await post(running.url, chipSigner.sign(body));
await running.close();
process.stdout.write(events[0]?.id ?? "none");
