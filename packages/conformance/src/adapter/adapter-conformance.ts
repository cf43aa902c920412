import { toCases } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { caseNames } from "./case-names.ts";
import type { AdapterCaseName } from "./case-names.ts";
import { mountedTwice, ownRoutes, paths, shutdown, twoReceivers } from "./cases/app.ts";
import { bodyConsumed, exactBytes, keptBytes, largeBody, oneByteChunks } from "./cases/bytes.ts";
import { abortedSender, bodyLimit, lyingLength, refusedConnection, slowSender } from "./cases/limits.ts";
import {
  exactUrl,
  handlerFailure,
  headerLines,
  keepAlive,
  methods,
  querySecret,
  remoteAddress,
  replyLength,
} from "./cases/messages.ts";
import type { AdapterHost } from "./host.ts";

/** What the suite must know of an adapter. */
export interface AdapterConformanceOptions {
  /** The framework with the adapter. Each case starts it anew. */
  readonly host: AdapterHost;
  /**
   * Cases that the framework makes impossible, each with the reason. They are run all the same and MUST fail, so that a
   * reason does not outlive its truth.
   */
  readonly doesNotApply?: Readonly<Partial<Record<AdapterCaseName, string>>>;
}

/**
 * The suite that every adapter must pass, for any test runner, over real sockets on 127.0.0.1.
 *
 * @example
 *   for (const { name, run } of adapterConformance({ host: myHost })) test(name, run);
 */
export function adapterConformance({ host, doesNotApply }: AdapterConformanceOptions): readonly ConformanceCase[] {
  const runs: Readonly<Record<AdapterCaseName, () => Promise<void>>> = {
    "exact-bytes": () => exactBytes(host),
    "one-byte-chunks": () => oneByteChunks(host),
    "large-body": () => largeBody(host),
    "body-limit": () => bodyLimit(host),
    "refused-connection": () => refusedConnection(host),
    "lying-length": () => lyingLength(host),
    "body-consumed": () => bodyConsumed(host),
    "kept-bytes": () => keptBytes(host),
    "header-lines": () => headerLines(host),
    "aborted-sender": () => abortedSender(host),
    "slow-sender": () => slowSender(host),
    "reply-length": () => replyLength(host),
    methods: () => methods(host),
    paths: () => paths(host),
    "keep-alive": () => keepAlive(host),
    "own-routes": () => ownRoutes(host),
    "handler-failure": () => handlerFailure(host),
    "mounted-twice": () => mountedTwice(host),
    "two-receivers": () => twoReceivers(host),
    url: () => exactUrl(host),
    "query-secret": () => querySecret(host),
    "remote-address": () => remoteAddress(host),
    shutdown: () => shutdown(host),
  };
  return toCases({ names: caseNames, runs, doesNotApply });
}
