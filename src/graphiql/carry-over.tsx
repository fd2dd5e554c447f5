import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect, useEffectEvent, useRef } from "react";
import { type ResponseIds, responseIds } from "./response-ids.js";

/**
 * Carries ids and headers from tab to tab, so that the examples can be run one after the other without copying.
 *
 * When a tab is opened, an id variable that is "" or was filled in here gets the newest id from the responses of the other tabs.
 * Empty headers become those of the previous tab: GraphiQL keeps headers per tab, and the token should not have to be pasted five
 * times. Both are visible and editable; text that the user typed is never replaced.
 */
export function CarryOver() {
  const { tabs, activeTabIndex, variableEditor, headerEditor } = useGraphiQL(
    pick("tabs", "activeTabIndex", "variableEditor", "headerEditor"),
  );
  const carriedIds = useRef<ResponseIds>({});
  const previousTab = useRef<string>(undefined);
  const activeTabId = tabs[activeTabIndex]?.id;

  const carryIds = useEffectEvent((tabId: string | undefined) => {
    const variables = parseVariables(variableEditor?.getValue());
    if (!variableEditor || !variables) return;
    const ids = responseIds(tabs.filter((tab) => tab.id !== tabId).map((tab) => tab.response));
    let changed = false;
    for (const [name, id] of Object.entries(ids) as [keyof ResponseIds, string][]) {
      const value = variables[name];
      const isReplaceable = value === "" || (value !== undefined && value === carriedIds.current[name]);
      if (!isReplaceable || value === id) continue;
      variables[name] = id;
      carriedIds.current[name] = id;
      changed = true;
    }
    if (changed) variableEditor.setValue(JSON.stringify(variables, null, 2));
  });

  const carryHeaders = useEffectEvent((tabId: string | undefined) => {
    const headers = tabs.find((tab) => tab.id === previousTab.current)?.headers;
    if (headers && headerEditor?.getValue().trim() === "") headerEditor.setValue(headers);
    previousTab.current = tabId;
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
    // Empty, or incomplete while the user is typing.
    return undefined;
  }
}
