// What our tests and the docs use of the globals of Bun and Deno. Their own types cannot stand beside each other in one
// program, nor beside Node's.

interface BunServer {
  readonly port: number;
  requestIP(request: Request): { readonly address: string } | null;
  stop(): Promise<void>;
}

declare const Bun: {
  serve(options: {
    readonly port?: number;
    readonly hostname?: string;
    fetch(request: Request, server: BunServer): Response | Promise<Response>;
    error?(error: Error): Response;
  }): BunServer;
};

interface DenoServer {
  shutdown(): Promise<void>;
}

interface DenoServeOptions {
  readonly port?: number;
  readonly hostname?: string;
  onListen?(address: { readonly port: number }): void;
  onError?(error: unknown): Response;
}

declare const Deno: {
  serve(
    options: DenoServeOptions,
    handle: (
      request: Request,
      info: { readonly remoteAddr: { readonly hostname: string } },
    ) => Response | Promise<Response>,
  ): DenoServer;
};
