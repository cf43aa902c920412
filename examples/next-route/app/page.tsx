import type { ReactNode } from "react";

/** A page of the shop's own. */
export default function Page(): ReactNode {
  return (
    <p>
      The shop is open. <a href="/shipped">What was shipped</a>
    </p>
  );
}
