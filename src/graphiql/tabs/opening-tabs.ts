import type { TextStorage } from "./page-storage.js";
import type { SharedOperation } from "./share-link.js";

/** A tab as GraphiQL stores it. */
interface StoredTab {
  readonly id: string;
  readonly title: string;
  readonly query: string | null;
  readonly variables: string | null;
  readonly headers: string | null;
  readonly operationName: string | null;
  readonly response: null;
}

/** GraphiQL's tabs as it stores them. */
export interface StoredTabs {
  readonly tabs: readonly StoredTab[];
  readonly activeTabIndex: number;
}

/** What the page opens with: the stored tabs, or the examples on a first visit, and the operation of a link in a tab of its own. */
export function openingTabs(
  stored: string | null,
  examples: readonly SharedOperation[],
  shared: SharedOperation | undefined,
): StoredTabs {
  const { tabs, activeTabIndex } = parsed(stored) ?? { tabs: examples.map(tabOf), activeTabIndex: 0 };
  if (shared === undefined) return { tabs, activeTabIndex };
  const same = tabs.findIndex(
    ({ query, variables }) => query === shared.query && (variables ?? "") === (shared.variables ?? ""),
  );
  if (same >= 0) return { tabs, activeTabIndex: same };
  return { tabs: [...tabs, tabOf(shared)], activeTabIndex: tabs.length };
}

/**
 * Stores the tabs for GraphiQL. It opens the tab whose content is also stored as the current one, and adds a tab if there is none: it
 * writes the two at different moments, so they are made to agree.
 */
export function storeTabs(storage: Pick<TextStorage, "setItem" | "removeItem">, state: StoredTabs): void {
  const active = state.tabs[state.activeTabIndex];
  storage.setItem("graphiql:tabState", JSON.stringify(state));
  for (const name of ["query", "variables", "headers"] as const) {
    const value = active?.[name];
    if (value) storage.setItem(`graphiql:${name}`, value);
    else storage.removeItem(`graphiql:${name}`);
  }
}

function parsed(stored: string | null): StoredTabs | undefined {
  try {
    const { tabs, activeTabIndex } = JSON.parse(stored ?? "null") ?? {};
    if (!Array.isArray(tabs) || tabs.length === 0 || !tabs.every(isTab)) return undefined;
    const isIndex = Number.isInteger(activeTabIndex) && activeTabIndex >= 0 && activeTabIndex < tabs.length;
    return { tabs, activeTabIndex: isIndex ? activeTabIndex : 0 };
  } catch {
    return undefined;
  }
}

function isTab(tab: unknown): tab is StoredTab {
  const { id, title, query } = (tab ?? {}) as Partial<StoredTab>;
  return typeof id === "string" && typeof title === "string" && (query === null || typeof query === "string");
}

function tabOf({ query, variables }: SharedOperation): StoredTab {
  const operationName = operationNameIn(query) ?? null;
  return {
    id: crypto.randomUUID(),
    title: operationName ?? "<untitled>",
    query,
    variables: variables ?? null,
    headers: null,
    operationName,
    response: null,
  };
}

/** Name of the first operation with one. */
function operationNameIn(query: string): string | undefined {
  return /^\s*(?:query|mutation|subscription)\s+(\w+)/m.exec(query)?.[1];
}
