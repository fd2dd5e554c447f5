import type { CancelSignal } from "../../kernel/cancellation.js";
import type { UpstreamSession } from "../../upstream/session.js";
import type { VmWrites } from "./vm-writes.js";
import type { WriteKind } from "./write-kind.js";
import type { WriteLedger } from "./write-ledger.js";

/** What the protocol works with. */
export interface SendOptions<I, O> {
  readonly vmWrites: VmWrites;
  readonly kind: WriteKind<I, O>;
  readonly ledger: WriteLedger<I, O>;
  /** The caller's session without its signal: a write that was sent is followed to its end. */
  readonly session: UpstreamSession;
  /** Aborted when the client leaves or its deadline passes: nothing more is read for it. */
  readonly left: CancelSignal;
  /** Aborted then, or when the gateway stops: nothing more is sent or looked for. */
  readonly unwanted: CancelSignal;
  /** Names the call in the intents of its writes. */
  readonly holder: string;
  /** Whether the call has the turns of the items, and for long enough to hand a write to the socket now. */
  readonly isSafe: (items: readonly I[]) => boolean;
}
