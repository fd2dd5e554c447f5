import type { Dispatcher } from "undici";
import type { CancelSignal } from "../../kernel/cancellation.js";
import { FairSemaphore } from "./fair-semaphore.js";

/** A body of this size is read without a permit. */
const SMALL_BODY_BYTES = 4 * 1024 * 1024;

/** Maximum number of larger bodies at a time; a single owner can have one less. */
const LARGE_BODIES = 3;

/**
 * Reads the bodies of responses, and bounds the memory that they take together: of those that turn out to be large, a few at a time are
 * read further and parsed. The others wait, and their connections are paused in the meantime.
 */
export class BodyReader {
  private readonly semaphore = new FairSemaphore({ permits: LARGE_BODIES, maxQueued: Number.POSITIVE_INFINITY });

  /**
   * The result of `use` for the text of a body. A large body counts until then.
   *
   * @param owner whom a large body is counted for.
   * @param signal ends the wait for others.
   */
  async read<T>(
    { headers, body }: Pick<Dispatcher.ResponseData, "headers" | "body">,
    { owner, signal }: { readonly owner: string; readonly signal: CancelSignal | undefined },
    use: (text: string) => Promise<T>,
  ): Promise<T> {
    if (Number(headers["content-length"]) <= SMALL_BODY_BYTES) return use(await body.text());
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    let holdsPermit = false;
    try {
      for await (const chunk of body) {
        chunks.push(chunk as Uint8Array);
        bytes += (chunk as Uint8Array).length;
        if (bytes <= SMALL_BODY_BYTES || holdsPermit) continue;
        await this.semaphore.acquire(owner, signal);
        holdsPermit = true;
      }
      return await use(new TextDecoder().decode(Buffer.concat(chunks)));
    } finally {
      if (holdsPermit) this.semaphore.release(owner);
    }
  }
}
