import type { Layout, PlacedNode } from "./layout.js";

/** What a key means in the tree: the object to go to; undefined if it means nothing here. The keys are those of the ARIA tree pattern. */
export function targetOf({ nodes, edges }: Layout, current: string, key: string): string | undefined {
  const index = nodes.findIndex(({ object }) => object.key === current);
  const node = nodes[index];
  if (node === undefined) return nodes[0]?.object.key;
  switch (key) {
    case "ArrowDown":
      return nodes[index + 1]?.object.key;
    case "ArrowUp":
      return nodes[index - 1]?.object.key;
    case "ArrowLeft":
      return node.parent;
    case "ArrowRight": {
      // The first object below it, or else a shared one that is below another.
      const child = nodes[index + 1]?.parent === current ? nodes[index + 1]?.object.key : undefined;
      return child ?? edges.find(({ from }) => from === current)?.to;
    }
    case "Home":
      return nodes[0]?.object.key;
    case "End":
      return nodes.at(-1)?.object.key;
    default:
      return key.length === 1 && key !== " " ? nextWithLetter(nodes, index, key) : undefined;
  }
}

function nextWithLetter(nodes: readonly PlacedNode[], index: number, letter: string): string | undefined {
  const rest = [...nodes.slice(index + 1), ...nodes.slice(0, index)];
  return rest.find(({ object }) => object.title.toLowerCase().startsWith(letter.toLowerCase()))?.object.key;
}
