/**
 * The beginning of a text: at most `maxUnits` UTF-16 code units, and no half of a surrogate pair at its end.
 *
 * @param ending replaces the end of a text that is cut, such as `...`; included in the length. @default none
 */
export function shorten(text: string, maxUnits: number, ending = ""): string {
  if (text.length <= maxUnits) return text;
  const end = Math.max(0, maxUnits - ending.length);
  return text.slice(0, splitsPair(text, end) ? end - 1 : end) + ending;
}

/** Whether a cut before the index would fall within a surrogate pair. */
function splitsPair(text: string, index: number): boolean {
  return (text.codePointAt(index - 1) ?? 0) > 0xffff;
}

/** The beginning of a text: at most `maxBytes` bytes in UTF-8, and only whole characters. */
export function shortenUtf8(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  // A stream keeps an incomplete character at the end for the next chunk, which never comes.
  return bytes.length <= maxBytes ? text : new TextDecoder().decode(bytes.subarray(0, maxBytes), { stream: true });
}
