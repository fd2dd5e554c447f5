import type { Language } from "./client/upstream-client.js";
import { ProgressFraction, ProgressScale } from "./progress-scale.js";

/** Where a task's row has its progress from 0 to 1. `progress` itself stays in CloudTower's scale, which its filters and orders use. */
const FRACTION = Symbol("progress from 0 to 1");

/** Progress of a task, 0 to 1, whatever CloudTower's scale; 0 if its row has no usable value. */
export function progressOf(row: { readonly progress?: unknown; readonly [FRACTION]?: number }): number {
  return row[FRACTION] ?? new ProgressScale().fractionOf({ progress: row.progress });
}

/** Whether a request filters by progress. */
export function filtersByProgress(value: unknown): boolean {
  if (value instanceof ProgressFraction) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(filtersByProgress);
}

/** A request with each progress in CloudTower's scale; undefined while that is not known. */
export function inScale(body: object, scale: ProgressScale): object | undefined {
  const values = (value: unknown): unknown => {
    if (value instanceof ProgressFraction) return scale.valueOf(value.toJSON());
    if (Array.isArray(value)) return value.map(values);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, values(inner)]));
  };
  return scale.valueOf(1) === undefined ? undefined : (values(body) as object);
}

/** Columns of tasks that `normalizeTasks` reads or changes. */
export const NORMALIZED_COLUMNS = ["id", "status", "progress", "steps", "error_message"] as const;

/**
 * Makes the rows of a response to `get-tasks` uniform: adds what `progressOf` reads, and reduces texts of an error that come in several
 * languages to the request's. Changes the rows; what is not a list of objects stays as it is.
 */
export function normalizeTasks(
  response: unknown,
  { language, scale }: { language: Language; scale: ProgressScale },
): unknown {
  if (!Array.isArray(response)) return response;
  const rows = response.filter(isObject);
  scale.learn(rows);
  for (const row of rows) {
    (row as { [FRACTION]?: number })[FRACTION] = scale.fractionOf(row);
    if (typeof row.error_message === "string") row.error_message = inLanguage(row.error_message, language);
  }
  return response;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const LANGUAGES: readonly Language[] = ["en-US", "zh-CN"];
/** Maximum depth of nested JSON. */
const MAX_DEPTH = 8;

/** The text with each object of texts by language in its JSON replaced by the text in one language. */
function inLanguage(text: string, language: Language, depth = 0): string {
  if (depth > MAX_DEPTH || !LANGUAGES.some((name) => text.includes(name))) return text;
  const [start, end] = [text.indexOf("{"), text.lastIndexOf("}") + 1];
  if (start < 0 || end <= start) return text;
  try {
    const reduced = JSON.stringify(reduce(JSON.parse(text.slice(start, end)), language, depth + 1));
    return text.slice(0, start) + reduced + text.slice(end);
  } catch {
    return text;
  }
}

function reduce(value: unknown, language: Language, depth: number): unknown {
  if (typeof value === "string") return inLanguage(value, language, depth);
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return value;
  if (Array.isArray(value)) return value.map((item) => reduce(item, language, depth + 1));
  const object = value as Record<string, unknown>;
  const fits = [language, ...LANGUAGES].map((name) => object[name]).find((text) => typeof text === "string");
  if (fits !== undefined) return fits;
  return Object.fromEntries(Object.entries(object).map(([name, item]) => [name, reduce(item, language, depth + 1)]));
}
