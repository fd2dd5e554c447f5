import { pick, useGraphiQL } from "@graphiql/react";
import { useEffect, useState } from "react";
import { MAX_LINK_CHARACTERS, shareLink } from "../tabs/share-link.js";

const SHOWN_MS = 2_500;

/** Copies a link that opens this page with the operation and the variables of the open tab, and nothing else. */
export function CopyLink() {
  const { queryEditor, variableEditor } = useGraphiQL(pick("queryEditor", "variableEditor"));
  const [message, setMessage] = useState("");

  useEffect(() => {
    if (message === "") return;
    const timer = setTimeout(() => setMessage(""), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [message]);

  const copy = async () => {
    const query = queryEditor?.getValue() ?? "";
    const link = shareLink(window.location.href, { query, variables: variableEditor?.getValue() ?? "" });
    if (query.trim() === "") return setMessage("Nothing to link to");
    if (link === undefined) return setMessage(`Too long: more than ${MAX_LINK_CHARACTERS} characters`);
    try {
      await navigator.clipboard.writeText(link);
      setMessage("Link copied");
    } catch {
      // Over plain HTTP a browser gives no clipboard to pages, except on localhost.
      window.history.replaceState(null, "", link);
      setMessage("Copy it from the address bar");
    }
  };

  return (
    <>
      <button type="button" className="top-button" onClick={copy} title="A link to this operation, without headers">
        <svg
          viewBox="0 0 16 16"
          width="15"
          height="15"
          aria-hidden="true"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
        >
          <path
            d="M6.5 9.5 9.5 6.5M7 4.6l1.6-1.6a3.1 3.1 0 0 1 4.4 4.4L11.4 9M9 11.4 7.4 13A3.1 3.1 0 0 1 3 8.6L4.6 7"
            strokeLinecap="round"
          />
        </svg>
        <span className="top-text">Copy link</span>
      </button>
      <span className="toast" role="status">
        {message}
      </span>
    </>
  );
}
