import type { Store } from "@hooklatch/core";

/** One empty memory of event ids. All that open it share it. */
export interface StorePlace {
  /** Connects anew, to the same place. The suite closes what it opened. */
  open(): Promise<Store>;
  /** How other processes open it. Left out by a store that lives in one process. */
  readonly elsewhere?: StoreModule;
  /** Cuts the way to the server off, so that calls fail or hang, and mends it. Left out by a store without a server. */
  readonly outage?: Outage;
  /** Takes away everything that was made for this place. */
  remove(): Promise<void>;
}

/** A module that exports `open(argument: string): Promise<Store>`. */
export interface StoreModule {
  readonly module: URL;
  readonly argument: string;
}

/** A fault of the way to a server that the suite can start and end. */
export interface Outage {
  readonly cut: () => Promise<void>;
  readonly mend: () => Promise<void>;
}
