// Monaco's workers, built into our own files: nothing is loaded from elsewhere.
import "graphiql/setup-workers/vite";
import { explorerPlugin } from "@graphiql/plugin-explorer";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import { CarryOver } from "./carry-over.js";
import { examples } from "./examples.js";
import "./page.css";

// The API has the address of this page, whatever prefix a proxy put before it.
const url = new URL(window.location.pathname, window.location.href);
const subscriptionUrl = new URL(url);
subscriptionUrl.protocol = url.protocol === "https:" ? "wss:" : "ws:";

const fetcher = createGraphiQLFetcher({
  url: url.href,
  // Given as an address and not as a client: each subscription then opens a connection of its own and sends the headers
  // editor's contents as its `connection_init` payload, so a changed Authorization can never ride on an old connection.
  subscriptionUrl: subscriptionUrl.href,
  enableIncrementalDelivery: false,
});

const plugins = [HISTORY_PLUGIN, explorerPlugin()];
const defaultTabs = examples.map(({ query, variables }) => ({
  query,
  variables: variables ? JSON.stringify(variables, null, 2) : null,
}));

// After a reload GraphiQL looks for the tab whose document is the stored one, and opens an untitled tab when there is none.
// It stores a document only once it has changed, which the first example never did for someone who only typed headers.
const STORED_DOCUMENT = "graphiql:query";
if (sessionStorage.getItem(STORED_DOCUMENT) === null) sessionStorage.setItem(STORED_DOCUMENT, examples[0].query);

const root = document.getElementById("graphiql");
if (!root) throw new Error("index.html has no element #graphiql");
createRoot(root).render(
  <StrictMode>
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      defaultTabs={defaultTabs}
      defaultEditorToolsVisibility="variables"
      // GraphiQL's history keeps the headers of what was run, tokens included, even where header persistence is off. In the
      // session's storage they survive a reload and are gone with the tab.
      storage={sessionStorage}
      shouldPersistHeaders
    >
      <GraphiQL.Logo>TowerQL</GraphiQL.Logo>
      <CarryOver />
    </GraphiQL>
  </StrictMode>,
);
