import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect, useEffectEvent, useRef } from "react";
import { type FoundIds, foundIds } from "./found-ids.js";

/**
 * Carries ids and headers from tab to tab, so that the examples can be run one after the other without copying.
 *
 * When a tab is opened, an id among its variables that is "" or was put there by us takes the newest one in the answers of
 * the other tabs, and headers that are empty become those of the tab that was left: GraphiQL keeps them for each tab, and
 * nobody wants to paste a token four times. Both can be seen and changed in the editors; what a person typed there stays.
 */
export function CarryOver() {
  const { tabs, activeTabIndex, variableEditor, headerEditor } = useGraphiQL(
    pick("tabs", "activeTabIndex", "variableEditor", "headerEditor"),
  );
  const carriedIds = useRef<FoundIds>({});
  const tabLeft = useRef<string>(undefined);
  const activeTabId = tabs[activeTabIndex]?.id;

  const carryIds = useEffectEvent((tabId: string | undefined) => {
    const variables = parseVariables(variableEditor?.getValue());
    if (!variableEditor || !variables) return;
    const ids = foundIds(tabs.filter((tab) => tab.id !== tabId).map((tab) => tab.response));
    let changed = false;
    for (const [name, id] of Object.entries(ids) as [keyof FoundIds, string][]) {
      const value = variables[name];
      const isOurs = value === "" || (value !== undefined && value === carriedIds.current[name]);
      if (!isOurs || value === id) continue;
      variables[name] = id;
      carriedIds.current[name] = id;
      changed = true;
    }
    if (changed) variableEditor.setValue(JSON.stringify(variables, null, 2));
  });

  const carryHeaders = useEffectEvent((tabId: string | undefined) => {
    const headers = tabs.find((tab) => tab.id === tabLeft.current)?.headers;
    if (headers && headerEditor?.getValue().trim() === "") headerEditor.setValue(headers);
    tabLeft.current = tabId;
  });

  useEffect(() => {
    if (variableEditor) carryIds(activeTabId);
  }, [activeTabId, variableEditor]);

  useEffect(() => {
    if (headerEditor) carryHeaders(activeTabId);
  }, [activeTabId, headerEditor]);

  return null;
}

function parseVariables(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    // Empty, or being written by hand.
    return undefined;
  }
}
