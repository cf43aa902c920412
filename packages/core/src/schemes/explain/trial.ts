import type { DiagnosisCause } from "../../diagnosis.ts";
import type { SignatureCheck } from "../signature-check.ts";
import type { DeliveryChange } from "./changed-delivery.ts";

/** Something that may be wrong, to be put to the proof: were it put right, the delivery would be accepted. */
export interface Trial {
  readonly cause: DiagnosisCause;
  /** What it means if it fits. */
  readonly message: string;
  /** The delivery as the platform may have sent it. */
  readonly change?: DeliveryChange;
  /** The check as it would be with other keys. */
  readonly check?: SignatureCheck;
}

/** What a scheme tells of its keys, so that another set of them can be tried. The keys themselves stay where they are. */
export interface KeyInsight {
  /** The check with the keys that are at hand: no source is asked. */
  readonly check: SignatureCheck;
  /** What may be wrong with the keys or with what is computed with them. */
  readonly trials: Iterable<Trial>;
}

/** More keys than this are not tried: each costs a hash or a signature in every trial. */
export const maxKeysTried = 20;
