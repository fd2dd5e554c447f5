import type { NewOperation } from "./open-as-query.js";
import type { GraphObject, ResponseGraph } from "./response-graph.js";
import { typeStyle } from "./type-style.js";

/** Options for `ObjectDetails`. */
interface DetailsProps {
  readonly object: GraphObject;
  readonly graph: ResponseGraph;
  /** A query for the object; undefined if there is none. */
  readonly operation: NewOperation | undefined;
  readonly onOpen: (operation: NewOperation) => void;
  readonly onSelect: (key: string | undefined) => void;
}

/** The fields of an object, what it leads to, and what leads to it. */
export function ObjectDetails({ object, graph, operation, onOpen, onSelect }: DetailsProps) {
  const leadsTo = graph.edges.filter(({ from }) => from === object.key);
  const usedBy = graph.edges.filter(({ to }) => to === object.key);
  const fields = [...object.fields].filter(([name]) => name !== "__typename");
  return (
    <section
      className="graph-details"
      aria-label={`Details of ${object.type} ${object.title}`}
      style={typeStyle(object.type)}
    >
      <header>
        <span className="graph-chip">{object.type}</span>
        <h3>{object.title}</h3>
        <button
          type="button"
          className="graph-close"
          aria-label="Close the details"
          onClick={() => onSelect(undefined)}
        >
          ×
        </button>
      </header>
      <dl>
        {fields.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{shown(value)}</dd>
          </div>
        ))}
      </dl>
      <Links title="Leads to" keys={leadsTo.map(({ to, label }) => ({ key: to, label }))} {...{ graph, onSelect }} />
      <Links title="Found in" keys={usedBy.map(({ from, label }) => ({ key: from, label }))} {...{ graph, onSelect }} />
      {operation ? (
        <button type="button" className="towerql-button" onClick={() => onOpen(operation)}>
          Open as query
        </button>
      ) : (
        <p className="graph-hint">
          {object.id === undefined
            ? "Select its id to open it as a query."
            : `The schema reads no ${object.type} by id.`}
        </p>
      )}
    </section>
  );
}

interface LinksProps {
  readonly title: string;
  readonly keys: readonly { readonly key: string; readonly label: string }[];
  readonly graph: ResponseGraph;
  readonly onSelect: (key: string) => void;
}

/** More would push the rest of the details away. */
const MAX_LINKS = 20;

function Links({ title, keys, graph, onSelect }: LinksProps) {
  if (keys.length === 0) return null;
  return (
    <div className="graph-links">
      <h4>{title}</h4>
      <ul>
        {keys.slice(0, MAX_LINKS).map(({ key, label }) => {
          const target = graph.objects.get(key);
          return (
            target && (
              <li key={`${label} ${key}`}>
                <button type="button" onClick={() => onSelect(key)} style={typeStyle(target.type)}>
                  {target.title} <small>{label}</small>
                </button>
              </li>
            )
          );
        })}
        {keys.length > MAX_LINKS && <li>and {keys.length - MAX_LINKS} more</li>}
      </ul>
    </div>
  );
}

function shown(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "string" ? value : JSON.stringify(value);
}
