import {
  type DocumentNode,
  getArgumentValues,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";
import { taskEventFilter, vmSnapshotEventFilter } from "../../flows/events/event-filters.js";
import type { DocumentGate, ValidatedOperation } from "../../http/limits/document-gate.js";
import { Refusal } from "../../http/messages/refusal.js";
import { quote } from "../../kernel/text/global-id.js";

/** Checks a filter. @throws TowerError BAD_USER_INPUT */
interface Filter {
  compile(filter: object | null | undefined): unknown;
}

/** Filters of the root fields whose events can be resumed after a cursor, and so delivered. */
const FILTERS: ReadonlyMap<string, Filter> = new Map<string, Filter>([
  ["taskEvents", taskEventFilter],
  ["vmSnapshotEvents", vmSnapshotEventFilter],
]);

/** The document of a webhook, which has passed the gate. */
export interface SubscribedFeed {
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  /** The root field. */
  readonly feed: string;
}

/**
 * Checks the document of a webhook like an operation of a client: limits, validation, cost. In addition it must be a subscription to a feed,
 * without a cursor of its own.
 *
 * @throws Error whose message says what is wrong.
 */
export function subscribedFeed(gate: DocumentGate, text: string): SubscribedFeed {
  try {
    const validated = gate.validateAtOnce({ query: text });
    const { document, operation } = validated;
    if (operation.operation !== "subscription")
      throw new Error(`It must be a subscription, but is a ${operation.operation}.`);
    const field = feedField(validated);
    const { schema } = gate.admit(validated, {});
    const feed = field.name.value;
    const definition = schema.getSubscriptionType()?.getFields()[feed];
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], {});
    // What a client would be told when it subscribes.
    if (definition !== undefined)
      FILTERS.get(feed)?.compile(getArgumentValues(definition, field, coerced).filter as object);
    return { document, operationName: operation.name?.value, feed };
  } catch (error) {
    throw error instanceof Refusal ? new Error(textOf(error), { cause: error }) : error;
  }
}

function feedField({ operation, fragments }: Pick<ValidatedOperation, "operation" | "fragments">): RootFieldNode {
  const [field] = rootFields(operation, fragments);
  const name = field?.name.value ?? "";
  if (field === undefined || !FILTERS.has(name)) {
    throw new Error(`It must subscribe to ${[...FILTERS.keys()].join(" or ")}, but subscribes to ${quote(name)}.`);
  }
  if (field.arguments?.some((argument) => argument.name.value === "after")) {
    throw new Error(
      `${name} must have no argument "after": the gateway itself keeps how far the events were delivered.`,
    );
  }
  return field;
}

function rootFields({ selectionSet }: OperationDefinitionNode, fragments: ValidatedOperation["fragments"]) {
  const within = ({ selections }: SelectionSetNode): readonly RootFieldNode[] =>
    selections.flatMap((selection) => {
      if (selection.kind === Kind.FIELD) return [selection];
      if (selection.kind === Kind.INLINE_FRAGMENT) return within(selection.selectionSet);
      const fragment = fragments.get(selection.name.value);
      return fragment === undefined ? [] : within(fragment.selectionSet);
    });
  return within(selectionSet);
}

type RootFieldNode = Extract<SelectionSetNode["selections"][number], { kind: Kind.FIELD }>;

/** The first error, with its place in the document. */
function textOf({ errors }: Refusal): string {
  const [error] = errors;
  const [place] = error?.locations ?? [];
  const where = place === undefined ? "" : ` (line ${place.line}, column ${place.column})`;
  return `${error?.message}${where}`;
}
