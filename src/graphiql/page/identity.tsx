import { type FormEvent, useEffect, useId, useRef, useState, useSyncExternalStore } from "react";
import type { PageEnvironment } from "../../http/graphiql/environment.js";
import { type Acceptance, tryCredential } from "./environment.js";
import type { Session } from "./session.js";

/** Options for `Identity`. */
interface IdentityProps {
  readonly environment: PageEnvironment;
  readonly session: Session;
  /** Address of the API. */
  readonly url: URL;
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
}

/** Who one is, and how to be somebody else. */
export function Identity({ environment, session, url, isOpen, onOpenChange }: IdentityProps) {
  const token = useSyncExternalStore(session.subscribe, () => session.token);
  const dialog = useRef<HTMLDialogElement>(null);

  useEffect(() => {
    if (isOpen && !dialog.current?.open) dialog.current?.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);

  const needsCredential = token === undefined && environment.anonymous === null;
  return (
    <>
      <button
        type="button"
        className={needsCredential ? "top-button urgent" : "top-button"}
        aria-haspopup="dialog"
        onClick={() => onOpenChange(true)}
      >
        <PersonIcon />
        <span className="top-text">{nameOf(environment, token)}</span>
      </button>
      <dialog ref={dialog} className="identity" aria-label="Who you are" onClose={() => onOpenChange(false)}>
        {environment.users.length > 0 && <Users {...{ environment, session, token }} />}
        <TokenForm {...{ environment, session, token, url }} onDone={() => onOpenChange(false)} />
      </dialog>
    </>
  );
}

function nameOf({ users, anonymous, credential }: PageEnvironment, token: string | undefined): string {
  if (token === undefined) return anonymous ?? (credential === "token" ? "Enter token" : "Enter API key");
  const user = users.find((candidate) => candidate.token === token);
  return user?.username ?? (credential === "token" ? "Your token" : "Your API key");
}

type Parts = Pick<IdentityProps, "environment" | "session"> & { readonly token: string | undefined };

function Users({ environment: { users, anonymous }, session, token }: Parts) {
  const current = token === undefined ? anonymous : users.find((user) => user.token === token)?.username;
  const name = useId();
  return (
    <fieldset>
      <legend>Users of the simulator</legend>
      {users.map((user) => (
        <label key={user.username}>
          <input
            type="radio"
            name={name}
            checked={user.username === current}
            onChange={() => session.use(user.username === anonymous ? undefined : user.token)}
          />
          <span>
            <strong>{user.username}</strong> {user.description}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const RESULTS: Readonly<Record<Acceptance, string>> = {
  accepted: "Accepted.",
  refused: "Not accepted. Nothing was changed.",
  unknown: "It could not be tried out, and is used from now on.",
};

function TokenForm({
  environment: { credential, simulated },
  session,
  token,
  url,
  onDone,
}: Parts & { readonly url: URL; readonly onDone: () => void }) {
  const [text, setText] = useState("");
  const [message, setMessage] = useState("");
  const what = credential === "token" ? "CloudTower token or API key" : "API key of this gateway";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "") return setMessage("Enter it first.");
    setMessage("Trying it out …");
    const acceptance = await tryCredential(url, text.trim());
    setMessage(RESULTS[acceptance]);
    if (acceptance === "refused") return;
    session.use(text);
    setText("");
    if (acceptance === "accepted") onDone();
  };

  return (
    // `form-action 'none'`: the form is never submitted to a server.
    <form onSubmit={submit}>
      <h2>
        {simulated && credential === "token"
          ? "Or another token"
          : `Enter ${credential === "token" ? "a" : "an"} ${what}`}
      </h2>
      <p>
        {credential === "token" &&
          !simulated &&
          "Get one from CloudTower: POST /v2/api/login, or create an API key there. "}
        It is sent with each operation of every tab, kept only until this browser tab is closed, and is part of no link.
      </p>
      <label>
        {what}
        {/* Not a password for the browser's store. */}
        <input
          type="password"
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <p role="status">{message}</p>
      <div className="identity-buttons">
        <button type="submit" className="towerql-button">
          Use it
        </button>
        {token !== undefined && (
          <button type="button" className="towerql-button quiet" onClick={() => session.use(undefined)}>
            Forget it
          </button>
        )}
        <button type="button" className="towerql-button quiet" onClick={onDone}>
          Close
        </button>
      </div>
    </form>
  );
}

function PersonIcon() {
  return (
    <svg
      viewBox="0 0 16 16"
      width="15"
      height="15"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
    >
      <circle cx="8" cy="5.2" r="2.7" />
      <path d="M2.6 14c.6-3 2.7-4.4 5.4-4.4s4.8 1.4 5.4 4.4" strokeLinecap="round" />
    </svg>
  );
}
