// Monaco's workers are bundled: nothing is loaded from other origins.
import "graphiql/setup-workers/vite";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "graphiql/style.css";
import "@graphiql/plugin-explorer/style.css";
import { examples } from "./examples.js";
import { App } from "./page/app.js";
import { loadEnvironment } from "./page/environment.js";
import { Session } from "./page/session.js";
import { openingTabs, storeTabs } from "./tabs/opening-tabs.js";
import { PageStorage } from "./tabs/page-storage.js";
import { sharedOperation } from "./tabs/share-link.js";
import "./page.css";

async function open(root: HTMLElement, top: HTMLElement): Promise<void> {
  const environment = await loadEnvironment();
  const storage = new PageStorage(sessionStorage, localStorage);
  const shared = sharedOperation(window.location.href);
  const shown = examples.map(({ query, variables }) => {
    return variables === undefined ? { query } : { query, variables: JSON.stringify(variables, null, 2) };
  });
  storeTabs(storage, openingTabs(storage.getItem("graphiql:tabState"), shown, shared));
  // The API has the same URL as this page, including the path prefix of a proxy.
  const url = new URL(window.location.pathname, window.location.href);
  // The operation is in a tab from now on, where it may be edited: a reload must not bring it back.
  if (shared !== undefined) window.history.replaceState(null, "", url);
  createRoot(root).render(
    <StrictMode>
      <App
        {...{ environment, storage, url, top }}
        session={new Session(sessionStorage)}
        fromLink={shared !== undefined}
      />
    </StrictMode>,
  );
}

const [root, top] = ["graphiql", "top"].map((id) => document.getElementById(id));
if (!root || !top) throw new Error("index.html lacks an element");
open(root, top).catch((error: unknown) => {
  root.textContent = `The gateway did not respond (${String(error)}). Reload this page when it runs.`;
});
