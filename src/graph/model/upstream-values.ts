/** CloudTower's dates are text that may be empty; an empty one is none. */
export function time(text: string | null | undefined): string | null {
  return text === undefined || text === "" ? null : (text ?? null);
}

/** Text of which "" means none. */
export function textOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === "" ? null : (text ?? null);
}

/** A list that CloudTower writes as one text with commas. */
export function commaList(text: string | null | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
