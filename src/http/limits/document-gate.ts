import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoFragmentCyclesRule,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
  valueFromASTUntyped,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { RelationRegistry } from "../../graph/relations/relation-registry.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { Refusal, tooExpensive } from "../messages/refusal.js";
import type { DocumentLimits } from "./document-limits.js";
import { checkSize } from "./document-size.js";
import { checkMerging } from "./merge-limits.js";
import { type Cost, OperationPricer, type Pricing } from "./operation-cost.js";
import { checkText } from "./text-limits.js";
import { checkLiterals, checkVariables } from "./value-limits.js";

/** What a client asks to be executed. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** An operation that may be executed, with its price. */
export interface Admitted {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly cost: Cost;
}

interface Validated {
  readonly document: DocumentNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly operations: readonly OperationDefinitionNode[];
}

/** Validated documents that are kept, and the longest text that is. */
const KEPT_DOCUMENTS = 500;
const KEPT_CHARACTERS = 20_000;

/**
 * The one way by which documents come in, whatever the transport: limits, syntax, validation, price.
 *
 * Each step makes the next one safe: the text's nesting is known before the parser calls itself, the size before validation
 * compares fields, the fields before they are priced.
 */
export class DocumentGate {
  private readonly kept = new LRUCache<string, Validated>({ max: KEPT_DOCUMENTS });
  private readonly rules: readonly ValidationRule[];
  private readonly pricer: OperationPricer;

  constructor(
    private readonly schema: GraphQLSchema,
    graph: RelationRegistry,
    private readonly limits: DocumentLimits,
    pricing: Pricing,
    private readonly introspection: boolean,
  ) {
    this.rules = introspection ? specifiedRules : [...specifiedRules, NoSchemaIntrospectionCustomRule];
    this.pricer = new OperationPricer(schema, graph, pricing);
  }

  /** @throws Refusal with a code and, for limits, the figure. */
  admit({ query, operationName, variables }: OperationRequest): Admitted {
    const { document, fragments, operations } = this.validated(query);
    const operation = operationOf(operations, operationName);
    if (this.schema.getRootType(operation.operation) == null) {
      const message = `expected an operation that this gateway offers, got a ${operation.operation}: there are none here`;
      throw new Refusal([{ message, extensions: { code: ErrorCode.GraphqlValidationFailed } }]);
    }
    asRefusal(() => checkVariables(variables, this.limits));
    const cost = this.pricer.price(operation, fragments, { ...defaultsOf(operation), ...variables });
    this.checkCost(cost);
    return { document, operation, variables: variables ?? {}, cost };
  }

  private validated(query: string): Validated {
    const known = this.kept.get(query);
    if (known !== undefined) return known;
    const document = this.parsed(query);
    const acyclic = checkSize(document, this.limits);
    asRefusal(() => checkLiterals(document, this.limits));
    if (acyclic) checkMerging(document);
    const errors = validate(this.schema, document, acyclic ? this.rules : [NoFragmentCyclesRule], { maxErrors: 20 });
    if (errors.length > 0) throw new Refusal(errors.map((error) => this.invalid(error)));
    const fragments = new Map<string, FragmentDefinitionNode>();
    const operations: OperationDefinitionNode[] = [];
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
      else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    }
    const validated = { document, fragments, operations };
    if (query.length <= KEPT_CHARACTERS) this.kept.set(query, validated);
    return validated;
  }

  private parsed(query: string): DocumentNode {
    try {
      checkText(query, this.limits);
      return parse(query, { maxTokens: this.limits.maxTokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new Refusal([{ ...placeOf(error), extensions: { code: ErrorCode.GraphqlParseFailed } }]);
    }
  }

  private invalid(error: GraphQLError) {
    // A suggestion tells names of a schema that clients may not read.
    const { message, ...place } = placeOf(error);
    const shown = this.introspection ? message : message.replace(/ ?Did you mean.*$/s, "");
    return { ...place, message: shown, extensions: { code: ErrorCode.GraphqlValidationFailed } };
  }

  private checkCost({ calls, objects }: Cost): void {
    const { maxCalls, maxObjects } = this.limits;
    const figures = { cost: { calls, objects }, limit: { calls: maxCalls, objects: maxObjects } };
    if (calls > maxCalls) {
      throw tooExpensive(`expected an operation of at most ${maxCalls} calls to CloudTower, got ${calls}`, figures);
    }
    if (objects > maxObjects) {
      const hint = "ask for smaller pages";
      throw tooExpensive(`expected an answer of at most ${maxObjects} objects, got up to ${objects}; ${hint}`, figures);
    }
  }
}

/** @throws Refusal where the name does not pick one. */
function operationOf(operations: readonly OperationDefinitionNode[], name: string | null | undefined) {
  const wanted = name ? operations.filter((operation) => operation.name?.value === name) : operations;
  const [operation] = wanted;
  if (operation !== undefined && wanted.length === 1) return operation;
  const message =
    operations.length === 0
      ? "expected a document with an operation, got one without"
      : name
        ? "expected operationName to be the name of an operation of the document, got another"
        : "expected operationName where a document has several operations, got none";
  throw new Refusal([{ message, extensions: { code: ErrorCode.OperationResolutionFailure } }]);
}

function defaultsOf({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  const defaults: Record<string, unknown> = {};
  for (const { variable, defaultValue } of variableDefinitions) {
    if (defaultValue !== undefined) defaults[variable.name.value] = valueFromASTUntyped(defaultValue);
  }
  return defaults;
}

const LONGEST_MESSAGE = 500;

function placeOf({ message, locations }: GraphQLError) {
  // The client's own words stand in it, however long they are.
  return { message: message.slice(0, LONGEST_MESSAGE), ...(locations && { locations }) };
}

function asRefusal(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof TowerError)) throw error;
    throw new Refusal([{ message: error.message, extensions: { code: error.code } }]);
  }
}
