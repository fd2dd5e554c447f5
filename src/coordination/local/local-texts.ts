import { LRUCache } from "lru-cache";
import type { Texts } from "../coordination.js";

/** Maximum length of all texts, in characters. */
export const MAX_ALL_CHARACTERS = 8 * 1024 * 1024;
/** Longer texts are not kept. */
export const MAX_TEXT_CHARACTERS = 50_000;

/** Registered operations of one replica: the most recently used ones. */
export class LocalTexts implements Texts {
  private readonly texts = new LRUCache<string, string>({
    maxSize: MAX_ALL_CHARACTERS,
    maxEntrySize: MAX_TEXT_CHARACTERS,
    sizeCalculation: (text) => text.length + 1,
  });

  get(hash: string): string | undefined {
    return this.texts.get(hash);
  }

  set(hash: string, text: string): void {
    this.texts.set(hash, text);
  }

  delete(hash: string): boolean {
    return this.texts.delete(hash);
  }
}
