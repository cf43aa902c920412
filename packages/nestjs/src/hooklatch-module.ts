import { Inject, Injectable, Module } from "@nestjs/common";
import { DiscoveryModule, DiscoveryService, HttpAdapterHost, MetadataScanner } from "@nestjs/core";

import { assertHooklatchOptions } from "./hooklatch-options.ts";
import type { HooklatchOptions, ReceiverMount } from "./hooklatch-options.ts";
import { registerHandlers } from "./register-handlers.ts";
import { toNestMiddleware } from "./to-nest-middleware.ts";

/** Options that are made while the app starts, as Nest's other modules take them. */
export interface HooklatchAsyncOptions {
  /** Modules that export what `inject` names. */
  readonly imports?: readonly unknown[];
  /** Tokens of the factory's arguments. */
  readonly inject?: readonly unknown[];
  readonly useFactory: (...args: never[]) => HooklatchOptions | Promise<HooklatchOptions>;
}

/** What goes into `imports` of the app's module. Made by {@link HooklatchModule} and only passed on. */
export interface HooklatchDynamicModule {
  readonly module: typeof HooklatchModule;
  readonly imports: (new () => object)[];
  readonly providers: {
    readonly provide: symbol;
    readonly useFactory: (...args: unknown[]) => Promise<HooklatchOptions>;
    readonly inject: symbol[];
  }[];
}

/**
 * Mounts receivers in a Nest app, on Express or Fastify, before Nest's body parser; registers the methods that
 * `OnWebhook` marks; closes the receivers when the app does. Import it once, in the app's module.
 */
export class HooklatchModule {
  readonly #receivers: readonly ReceiverMount[];

  /** Called by Nest. */
  constructor({ receivers }: HooklatchOptions) {
    this.#receivers = receivers;
  }

  /**
   * Takes receivers that are made already.
   *
   * @throws {ConfigError} `ERR_OPTION_INVALID`, saying which mount is wrong
   */
  static forRoot(options: HooklatchOptions): HooklatchDynamicModule {
    assertHooklatchOptions(options);
    return HooklatchModule.forRootAsync({ useFactory: () => options });
  }

  /** Takes a factory. What is wrong with the options it makes is a `ConfigError` when the app starts. */
  static forRootAsync({ imports = [], inject = [], useFactory }: HooklatchAsyncOptions): HooklatchDynamicModule {
    return {
      module: HooklatchModule,
      // Nest alone looks at the two lists; what it does not know it refuses when the app starts.
      imports: [...imports] as (new () => object)[],
      providers: [
        {
          provide: optionsToken,
          async useFactory(...args) {
            // Nest calls it with what `inject` names, as the factory was written for.
            const options = await (useFactory as (...given: unknown[]) => Promise<HooklatchOptions>)(...args);
            assertHooklatchOptions(options);
            return options;
          },
          // As with `imports`.
          inject: [...inject] as symbol[],
        },
      ],
    };
  }

  /** Runs while the server still listens: what comes now is told to come again, what runs is answered. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.#receivers.map(({ receiver }) => receiver.close()));
  }
}

const optionsToken = Symbol("HooklatchOptions");

/** Mounts the receivers and finds their handlers. */
class HooklatchRuntime {
  readonly #options: HooklatchOptions;
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;

  constructor(host: HttpAdapterHost, options: HooklatchOptions, discovery: DiscoveryService, scanner: MetadataScanner) {
    this.#options = options;
    this.#discovery = discovery;
    this.#scanner = scanner;
    // At once under NestFactory, later under Test: before the app sets up its body parser either way.
    host.init$.subscribe(() => void host.httpAdapter.use(toNestMiddleware(options.receivers)));
  }

  onModuleInit(): void {
    registerHandlers([...this.#discovery.getProviders(), ...this.#discovery.getControllers()], {
      receivers: this.#options.receivers,
      methodNames: (prototype) => this.#scanner.getAllMethodNames(prototype),
    });
  }
}

// Node strips types and knows no decorators, so they are called here as the compiler would.
Injectable()(HooklatchRuntime);
for (const [index, token] of [HttpAdapterHost, optionsToken, DiscoveryService, MetadataScanner].entries()) {
  Inject(token)(HooklatchRuntime, undefined, index);
}
Inject(optionsToken)(HooklatchModule, undefined, 0);
Module({ imports: [DiscoveryModule], providers: [HooklatchRuntime] })(HooklatchModule);
