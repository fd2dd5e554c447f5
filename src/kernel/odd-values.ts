/** The objects in a list; what is not an object is left out, and what is not a list counts as empty. */
export function objectsIn<T extends object>(value: readonly (T | null | undefined)[] | null | undefined): T[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The list if it consists of objects; null if it is none, or if one of its items is no object. */
export function objectList<T extends object>(value: readonly (T | null | undefined)[] | null | undefined): T[] | null {
  return Array.isArray(value) && value.every(isObject) ? (value as T[]) : null;
}

function isObject<T>(value: T): value is NonNullable<T> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
