import { explorerPlugin } from "@graphiql/plugin-explorer";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { PageEnvironment } from "../../http/graphiql/environment.js";
import { CarryOver } from "../carry-over.js";
import { GraphView } from "../graph-view/graph-view.js";
import type { TextStorage } from "../tabs/page-storage.js";
import { TaskFeed } from "../tasks-view/task-feed.js";
import { TasksView } from "../tasks-view/tasks-view.js";
import { createFetcher, type Outcome } from "./fetcher.js";
import { GraphIcon, TasksIcon } from "./icons.js";
import type { Session } from "./session.js";
import { TopBar } from "./top-bar.js";

/** Options for `App`. */
interface AppProps {
  readonly environment: PageEnvironment;
  readonly session: Session;
  readonly storage: TextStorage;
  /** Address of the API. */
  readonly url: URL;
  /** Whether the page was opened with an operation in its address. */
  readonly fromLink: boolean;
  /** The element above GraphiQL. */
  readonly top: Element;
}

/** GraphiQL with the views and the bar of this page. */
export function App({ environment, session, storage, url, fromLink, top }: AppProps) {
  const token = useSyncExternalStore(session.subscribe, () => session.token);
  const [outcome, setOutcome] = useState<Outcome>();
  // With another fetcher GraphiQL reads the schema again, which may depend on the credential.
  const fetcher = useMemo(() => createFetcher({ url, token, onOutcome: setOutcome }), [url, token]);
  const feed = useMemo(() => new TaskFeed({ url, token: () => session.token }), [url, session]);
  const plugins = useMemo(
    () => [
      { title: "Graph", icon: GraphIcon, content: GraphView },
      { title: "Tasks", icon: TasksIcon, content: () => <TasksView feed={feed} /> },
      explorerPlugin(),
      HISTORY_PLUGIN,
    ],
    [feed],
  );
  useEffect(() => session.subscribe(() => feed.restart()), [session, feed]);

  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={plugins}
      defaultEditorToolsVisibility="variables"
      storage={storage}
      shouldPersistHeaders
      // The choice would promise more than it does: headers last as long as the browser tab.
      showPersistHeadersSettings={false}
    >
      <GraphiQL.Logo>{null}</GraphiQL.Logo>
      <CarryOver />
      <TopBar {...{ environment, session, url, outcome, fromLink }} container={top} />
    </GraphiQL>
  );
}
