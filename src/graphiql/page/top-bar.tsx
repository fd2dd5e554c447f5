import { pick, useGraphiQL, useGraphiQLActions } from "@graphiql/react";
import { useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import type { PageEnvironment } from "../../http/graphiql/environment.js";
import icon from "../icon.svg";
import { type AdviceAction, adviceFor } from "./advice.js";
import { CopyLink } from "./copy-link.js";
import type { Outcome } from "./fetcher.js";
import { Identity } from "./identity.js";
import type { Session } from "./session.js";

/** Options for `TopBar`. */
interface TopBarProps {
  readonly environment: PageEnvironment;
  readonly session: Session;
  /** Address of the API. */
  readonly url: URL;
  readonly outcome: Outcome | undefined;
  readonly fromLink: boolean;
  /** The element above GraphiQL. */
  readonly container: Element;
}

/** Above GraphiQL: what this is, who one is, a link to share, and what may help now. */
export function TopBar({ environment, session, url, outcome, fromLink, container }: TopBarProps) {
  const token = useSyncExternalStore(session.subscribe, () => session.token);
  const { setVisiblePlugin } = useGraphiQLActions();
  const { plugins, visiblePlugin } = useGraphiQL(pick("plugins", "visiblePlugin"));
  const needsCredential = token === undefined && environment.anonymous === null;
  const [isIdentityOpen, setIdentityOpen] = useState(needsCredential);
  const [dismissed, setDismissed] = useState("");
  const visibleView = visiblePlugin?.title.toLowerCase();
  const advice = adviceFor({ environment, token, outcome, fromLink, visibleView });

  const act = (kind: AdviceAction) => {
    if (kind === "signIn") setIdentityOpen(true);
    else setVisiblePlugin(plugins.find(({ title }) => title.toLowerCase() === kind) ?? null);
  };

  return createPortal(
    <>
      <header className="top-bar">
        <span className="top-logo">
          <img src={icon} alt="" width="24" height="24" />
          TowerQL <small>{environment.version}</small>
        </span>
        {environment.simulated && (
          <span className="simulated" title="The data is that of the embedded simulator. None of it is real.">
            SIMULATED
          </span>
        )}
        <span className="top-space" />
        <CopyLink />
        <a className="top-button" href="docs/index.html" target="_blank" rel="noreferrer">
          Docs
        </a>
        <Identity {...{ environment, session, url }} isOpen={isIdentityOpen} onOpenChange={setIdentityOpen} />
      </header>
      <div className="advice" role="status">
        {advice && advice.text !== dismissed && (
          <>
            <span>{advice.text}</span>
            {advice.action && (
              <button type="button" onClick={() => advice.action && act(advice.action.kind)}>
                {advice.action.label}
              </button>
            )}
            <button type="button" className="dismiss" aria-label="Hide this" onClick={() => setDismissed(advice.text)}>
              ×
            </button>
          </>
        )}
      </div>
    </>,
    container,
  );
}
