import { pick, useGraphiQL } from "@graphiql/react";
import { useDeferredValue, useMemo, useState } from "react";
import { useOpenTab } from "../tabs/use-open-tab.js";
import { GraphCanvas } from "./graph-canvas.js";
import { layOut } from "./layout.js";
import { ObjectDetails } from "./object-details.js";
import { openAsQuery } from "./open-as-query.js";
import { responseGraph } from "./response-graph.js";
import { typePaths } from "./type-paths.js";
import "./graph-view.css";

/** The response of the open tab as a picture. */
export function GraphView() {
  const { tabs, activeTabIndex, schema, documentAST } = useGraphiQL(
    pick("tabs", "activeTabIndex", "schema", "documentAST"),
  );
  const response = useDeferredValue(tabs[activeTabIndex]?.response ?? "");
  // Typing must not wait until the types of the drawing are known again.
  const document = useDeferredValue(documentAST);
  const openTab = useOpenTab();
  const [selected, setSelected] = useState<string>();
  const types = useMemo(() => (schema && document ? typePaths(schema, document) : undefined), [schema, document]);
  const graph = useMemo(() => responseGraph(dataOf(response), types), [response, types]);
  const layout = useMemo(() => layOut(graph), [graph]);
  const object = selected === undefined ? undefined : graph.objects.get(selected);

  return (
    <section className="graph-view" aria-label="Graph view">
      <header className="graph-head">
        <h2>Graph</h2>
        <p>
          {graph.objects.size} {graph.objects.size === 1 ? "object" : "objects"}
          {graph.omitted > 0 && `; ${graph.omitted} more are left out: select fewer`}
        </p>
      </header>
      {graph.objects.size === 0 ? (
        <Empty hasResponse={response !== ""} />
      ) : (
        <GraphCanvas layout={layout} selected={object?.key} onSelect={setSelected} />
      )}
      {object && (
        <ObjectDetails
          object={object}
          graph={graph}
          operation={openAsQuery(object, schema)}
          onOpen={openTab}
          onSelect={setSelected}
        />
      )}
    </section>
  );
}

function Empty({ hasResponse }: { readonly hasResponse: boolean }) {
  if (hasResponse) return <p className="graph-empty">This response has no objects to draw.</p>;
  return (
    <p className="graph-empty">
      Run a query: its response is drawn here, each object once. With <code>id</code> in the selection, an object that
      several others lead to is recognized.
    </p>
  );
}

/** Data of a response as the response pane shows it; undefined while there is none. */
function dataOf(response: string): unknown {
  try {
    return JSON.parse(response)?.data;
  } catch {
    return undefined;
  }
}
