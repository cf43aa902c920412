import { toFetchHandler } from "@hooklatch/core/fetch";
import type { FetchHandler } from "@hooklatch/core/fetch";

import { mount } from "./mount.ts";
import type { MountSetup, ProbeMount } from "./mount.ts";

/**
 * An app in the style of fetch, the same on Bun, Deno and workerd: the receivers at their paths, and routes of its own.
 * What the runtime has to add is done in the file that is named after it.
 */
export function createApp(setups: readonly (MountSetup | ProbeMount)[]): FetchHandler {
  const routes = setups.map((setup) => {
    const mounted = mount(setup);
    return { ...mounted, handle: toFetchHandler(mounted.receiver) };
  });
  return async (request, context) => {
    const { pathname } = new URL(request.url);
    const route = routes.find(({ setup }) => setup.path === pathname);
    if (route !== undefined) {
      if (route.setup.behind === "parser") await request.json();
      return route.handle(request, route.setup.isForgetful === true ? undefined : context);
    }
    if (pathname === "/own/hello") return new Response("hello");
    if (pathname === "/own/echo") return Response.json({ own: await request.json() });
    if (pathname === "/own/fail") throw new Error("a failure of the app's own");
    if (pathname === "/own/told") return Response.json(routes[0]?.told);
    return new Response("not found", { status: 404 });
  };
}

/** What the app's own error handler answers. */
export function answerError(): Response {
  return Response.json({ own: "error" }, { status: 418 });
}

/** The setups that the process was started with. */
export function readSetups(): readonly (MountSetup | ProbeMount)[] {
  // Written by the test that started the process.
  return JSON.parse(process.env["MOUNTS"] ?? "[]") as readonly (MountSetup | ProbeMount)[];
}
