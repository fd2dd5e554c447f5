// Monaco's workers are bundled: nothing is loaded from other origins.
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

// The API has the same URL as this page, including the path prefix of a proxy.
const url = new URL(window.location.pathname, window.location.href);
const subscriptionUrl = new URL(url);
subscriptionUrl.protocol = url.protocol === "https:" ? "wss:" : "ws:";

const fetcher = createGraphiQLFetcher({
  url: url.href,
  // A URL instead of a client: each subscription opens its own connection and sends the headers as `connection_init` payload, so
  // that a changed Authorization never uses an old connection.
  subscriptionUrl: subscriptionUrl.href,
  enableIncrementalDelivery: false,
});

const plugins = [HISTORY_PLUGIN, explorerPlugin()];
const defaultTabs = examples.map(({ query, variables }) => ({
  query,
  variables: variables ? JSON.stringify(variables, null, 2) : null,
}));

// After a reload GraphiQL selects the tab with the stored document, and opens an untitled tab if there is none. It stores a
// document only when it changes, so the first example is not stored if the user only edited headers.
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
      // GraphiQL's history keeps the headers of executed operations, including tokens, even without header persistence. Session
      // storage survives a reload and is deleted with the browser tab.
      storage={sessionStorage}
      shouldPersistHeaders
    >
      <GraphiQL.Logo>TowerQL</GraphiQL.Logo>
      <CarryOver />
    </GraphiQL>
  </StrictMode>,
);
