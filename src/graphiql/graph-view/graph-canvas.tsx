import { type KeyboardEvent, memo, type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type Layout, NODE, type PlacedNode } from "./layout.js";
import type { GraphEdge } from "./response-graph.js";
import { targetOf } from "./tree-keys.js";
import { typeStyle } from "./type-style.js";
import { useZoom } from "./use-zoom.js";

/** Options for `GraphCanvas`. */
interface CanvasProps {
  readonly layout: Layout;
  /** Key of the object whose details are shown. */
  readonly selected: string | undefined;
  readonly onSelect: (key: string | undefined) => void;
}

/**
 * The drawing. Its objects are also the items of an ARIA tree, so that the keyboard and screen readers have the same objects in the
 * same order. It is panned by scrolling, which the browser does without any code of the page.
 */
export function GraphCanvas({ layout, selected, onSelect }: CanvasProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const { zoom, zoomIn, zoomOut, fit } = useZoom(scroller, layout.width);
  const [focused, setFocused] = useState<string>();
  const places = useMemo(() => new Map(layout.nodes.map((node) => [node.object.key, node])), [layout]);
  const tabStop = focused !== undefined && places.has(focused) ? focused : layout.nodes[0]?.object.key;
  const degrees = useMemo(() => degreesOf(layout.edges), [layout]);

  // A click in the details moves the selection: bring it into view.
  useLayoutEffect(() => {
    if (selected !== undefined)
      itemOf(scroller.current, selected)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [selected]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || tabStop === undefined) return;
    if (event.key === "Escape") return onSelect(undefined);
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return onSelect(tabStop);
    }
    if (event.key === "+") return zoomIn();
    if (event.key === "-") return zoomOut();
    const target = targetOf(layout, tabStop, event.key);
    if (target === undefined) return;
    event.preventDefault();
    itemOf(scroller.current, target)?.focus();
  };

  return (
    <div className="graph-canvas">
      <div className="graph-scroller" ref={scroller} {...panning}>
        <div style={{ width: layout.width * zoom, height: layout.height * zoom }}>
          <div
            className="graph-plane"
            style={{ width: layout.width, height: layout.height, transform: `scale(${zoom})` }}
          >
            <Edges layout={layout} places={places} />
            <Highlight edges={layout.edges} places={places} selected={selected} />
            {layout.columns.map((name, column) => (
              <div
                className="graph-column"
                key={name}
                aria-hidden="true"
                style={{ left: NODE.margin + column * (NODE.width + NODE.gapX), width: NODE.width }}
                title={name}
              >
                {name}
              </div>
            ))}
            <div role="tree" aria-label="Objects of the response" tabIndex={-1} onKeyDown={onKeyDown}>
              {layout.nodes.map((node) => (
                <Item
                  key={node.object.key}
                  node={node}
                  degree={degrees.get(node.object.key)}
                  isSelected={node.object.key === selected}
                  isTabStop={node.object.key === tabStop}
                  onFocus={setFocused}
                  onSelect={onSelect}
                />
              ))}
            </div>
          </div>
        </div>
      </div>
      <div className="graph-zoom">
        <button type="button" onClick={zoomOut} aria-label="Zoom out" title="Zoom out (-)">
          −
        </button>
        <button type="button" onClick={fit} title="Fit the width">
          {Math.round(zoom * 100)} %
        </button>
        <button type="button" onClick={zoomIn} aria-label="Zoom in" title="Zoom in (+)">
          +
        </button>
      </div>
    </div>
  );
}

interface Degree {
  readonly from: number;
  readonly to: number;
}

interface ItemProps {
  readonly node: PlacedNode;
  readonly degree: Degree | undefined;
  readonly isSelected: boolean;
  readonly isTabStop: boolean;
  readonly onFocus: (key: string) => void;
  readonly onSelect: (key: string) => void;
}

const Item = memo(function Item({ node, degree, isSelected, isTabStop, onFocus, onSelect }: ItemProps) {
  const { object, x, y, level, position, siblings } = node;
  const leadsTo = degree?.from ? `, leads to ${degree.from}` : "";
  const shared = (degree?.to ?? 0) > 1 ? `, shared by ${degree?.to}` : "";
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree handles the keys of its items
    <div
      className={isSelected ? "graph-node selected" : "graph-node"}
      style={{ left: x, top: y, width: NODE.width, height: NODE.height, ...typeStyle(object.type) }}
      role="treeitem"
      data-key={object.key}
      aria-level={level}
      aria-posinset={position}
      aria-setsize={siblings}
      aria-selected={isSelected}
      aria-label={`${object.type} ${object.title}${leadsTo}${shared}`}
      tabIndex={isTabStop ? 0 : -1}
      onFocus={() => onFocus(object.key)}
      onClick={() => onSelect(object.key)}
    >
      <span className="graph-node-title">{object.title}</span>
      <span className="graph-node-type">
        {object.type}
        {shared && <b>{`×${degree?.to}`}</b>}
      </span>
    </div>
  );
});

type Places = ReadonlyMap<string, PlacedNode>;

const Edges = memo(function Edges({ layout, places }: { readonly layout: Layout; readonly places: Places }) {
  return (
    <svg className="graph-edges" width={layout.width} height={layout.height} aria-hidden="true">
      {/* One element for all: hundreds of them would be slower to paint. */}
      <path d={layout.edges.map((edge) => curve(edge, places)).join("")} />
    </svg>
  );
});

interface HighlightProps {
  readonly edges: readonly GraphEdge[];
  readonly places: Places;
  readonly selected: string | undefined;
}

/** What leads to the selected object and from it, to the end in both directions. */
function Highlight({ edges, places, selected }: HighlightProps) {
  const path = useMemo(() => {
    if (selected === undefined) return "";
    const chain = [...reach(edges, selected, "from", "to"), ...reach(edges, selected, "to", "from")];
    return chain.map((edge) => curve(edge, places)).join("");
  }, [edges, places, selected]);
  return (
    <svg className="graph-edges highlight" width="100%" height="100%" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

function reach(edges: readonly GraphEdge[], start: string, near: "from" | "to", far: "from" | "to"): Set<GraphEdge> {
  const byNear = new Map<string, GraphEdge[]>();
  for (const edge of edges) byNear.set(edge[near], [...(byNear.get(edge[near]) ?? []), edge]);
  const found = new Set<GraphEdge>();
  const queue = [start];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    for (const edge of byNear.get(key) ?? []) {
      if (found.has(edge)) continue;
      found.add(edge);
      queue.push(edge[far]);
    }
  }
  return found;
}

/** From the right edge of one object to the left edge of the other; around them if it leads back. */
function curve({ from, to }: GraphEdge, places: Places): string {
  const [start, end] = [places.get(from), places.get(to)];
  if (start === undefined || end === undefined) return "";
  const [x1, y1] = [start.x + NODE.width, start.y + NODE.height / 2];
  const [x2, y2] = [end.x, end.y + NODE.height / 2];
  const bend = x2 > x1 ? (x2 - x1) / 2 : NODE.gapX;
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

function degreesOf(edges: readonly GraphEdge[]): ReadonlyMap<string, Degree> {
  const degrees = new Map<string, { from: number; to: number }>();
  const of = (key: string) => {
    const degree = degrees.get(key) ?? { from: 0, to: 0 };
    degrees.set(key, degree);
    return degree;
  };
  for (const { from, to } of edges) {
    of(from).from += 1;
    of(to).to += 1;
  }
  return degrees;
}

function itemOf(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`) ?? null;
}

/** Dragging the background with a mouse scrolls; touching it does so anyway. */
const panning = {
  onPointerDown(event: PointerEvent<HTMLDivElement>) {
    const isOnNode = (event.target as Element).closest("[role=treeitem]") !== null;
    if (event.pointerType !== "mouse" || event.button !== 0 || isOnNode) return;
    event.currentTarget.setPointerCapture(event.pointerId);
  },
  onPointerMove(event: PointerEvent<HTMLDivElement>) {
    const { currentTarget, pointerId, movementX, movementY } = event;
    if (currentTarget.hasPointerCapture(pointerId)) currentTarget.scrollBy(-movementX, -movementY);
  },
};
