import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import type { SharedOperation } from "./share-link.js";

/** Opens an operation in a tab of its own. It is not run. */
export function useOpenTab(): (operation: SharedOperation) => void {
  const { addTab } = useGraphiQLActions();
  const { queryEditor, variableEditor } = useGraphiQL(pick("queryEditor", "variableEditor"));
  return ({ query, variables = "" }) => {
    addTab();
    // The editors write what they contain into the new tab.
    variableEditor?.setValue(variables);
    queryEditor?.setValue(query);
  };
}
