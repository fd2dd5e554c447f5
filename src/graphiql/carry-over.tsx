import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect, useEffectEvent, useRef } from "react";
import { type ResponseIds, responseIds } from "./response-ids.js";

/**
 * Carries ids from tab to tab, so that the examples can be run one after the other without copying.
 *
 * When a tab is opened, an id variable that is "" or was filled in here gets the newest id from the responses of the other tabs. It is
 * visible and editable; an id that the user typed is never replaced.
 */
export function CarryOver() {
  const { tabs, activeTabIndex, variableEditor } = useGraphiQL(pick("tabs", "activeTabIndex", "variableEditor"));
  const carriedIds = useRef<ResponseIds>({});
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

  useEffect(() => {
    if (variableEditor) carryIds(activeTabId);
  }, [activeTabId, variableEditor]);

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
