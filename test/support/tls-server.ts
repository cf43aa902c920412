import { createServer } from "node:https";
import type { RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { connect as connectTls } from "node:tls";

import forge from "node-forge";
import { Agent, fetch as undiciFetch } from "undici";
import { onTestFinished } from "vitest";

/** A server with TLS on a free port of 127.0.0.1, and a fetch that finds it under any host name. */
export interface TlsServer {
  /** The addresses that were asked, in order. */
  readonly asked: readonly string[];
  /** Trusts the server's certificate and nothing else; resolves every name to the server. */
  readonly fetch: (url: string, request: object) => ReturnType<typeof globalThis.fetch>;
  /** The same without the trust. */
  readonly distrustingFetch: TlsServer["fetch"];
}

/** Serves `host` with a certificate made for it, for the length of one test. */
export async function serveTls(host: string, listener: RequestListener): Promise<TlsServer> {
  const { key, cert } = createCertificate(host);
  const asked: string[] = [];
  const server = createServer({ key, cert }, (request, response) => {
    asked.push(`https://${request.headers.host}${request.url}`);
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has an address of this kind.
  const { port } = server.address() as AddressInfo;
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const createFetch = (ca: readonly string[]): TlsServer["fetch"] => {
    const connect = createConnect(ca, port);
    return async (url, request) => {
      const dispatcher = new Agent({ connect });
      onTestFinished(async () => dispatcher.destroy());
      return undiciFetch(url, { ...request, dispatcher });
    };
  };
  return { asked, fetch: createFetch([cert]), distrustingFetch: createFetch([]) };
}

/** Leads every host, whatever its port, to the one on this machine; TLS still checks the name that was asked for. */
function createConnect(ca: readonly string[], port: number): NonNullable<Agent.Options["connect"]> {
  return (options, callback) => {
    const socket = connectTls({ host: "127.0.0.1", port, ca: [...ca], servername: options.hostname });
    socket.once("secureConnect", () => callback(null, socket));
    socket.once("error", (error: Error) => callback(error, null));
  };
}

function createCertificate(host: string): { readonly key: string; readonly cert: string } {
  const keys = forge.pki.rsa.generateKeyPair(2048);
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = keys.publicKey;
  certificate.serialNumber = "01";
  certificate.validity.notBefore = new Date(Date.now() - 86_400_000);
  certificate.validity.notAfter = new Date(Date.now() + 86_400_000);
  const subject = [{ name: "commonName", value: host }];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: "basicConstraints", cA: true },
    { name: "subjectAltName", altNames: [{ type: 2, value: host }] },
  ]);
  certificate.sign(keys.privateKey, forge.md.sha256.create());
  return { key: forge.pki.privateKeyToPem(keys.privateKey), cert: forge.pki.certificateToPem(certificate) };
}
