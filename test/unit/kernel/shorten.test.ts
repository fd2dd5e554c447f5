import { expect, test } from "vitest";
import { quote } from "../../../src/kernel/text/global-id.js";
import { shorten, shortenUtf8 } from "../../../src/kernel/text/shorten.js";

const TEXTS = ["plain text", "😀😀😀😀😀", "a😀b😀c", "虚拟机-😀-快照", ""];
const lengths = (text: string) => Array.from({ length: text.length * 4 + 2 }, (_, length) => length);

/** Whether a text has no half of a surrogate pair. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

test.each(TEXTS)("cuts %j at any length without splitting a character", (text) => {
  for (const length of lengths(text)) {
    const short = shorten(text, length);
    expect(text.startsWith(short)).toBe(true);
    expect(isWellFormed(short), `${length}`).toBe(true);
    expect(short.length).toBeLessThanOrEqual(length);
    expect(short.length).toBeGreaterThanOrEqual(Math.min(length - 1, text.length));
  }
});

test.each(TEXTS)("cuts %j at any number of bytes without splitting a character", (text) => {
  for (const length of lengths(text)) {
    const short = shortenUtf8(text, length);
    expect(text.startsWith(short)).toBe(true);
    expect(isWellFormed(short), `${length}`).toBe(true);
    expect(Buffer.byteLength(short)).toBeLessThanOrEqual(length);
    expect(Buffer.byteLength(short)).toBeGreaterThanOrEqual(Math.min(length - 3, Buffer.byteLength(text)));
  }
});

test("counts the ending of a shortened text", () => {
  expect(shorten("abcdef", 5, "...")).toBe("ab...");
  expect(shorten("abcdef", 6, "...")).toBe("abcdef");
});

test("quotes a client's text without splitting a character", () => {
  for (const start of ["", "a"]) {
    const shown = JSON.parse(quote(start + "😀".repeat(100))) as string;
    expect(shown).toMatch(/^a?(😀)+\.\.\.$/u);
  }
});
