import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getVariableValues,
  Kind,
  NoFragmentCyclesRule,
  NoSchemaIntrospectionCustomRule,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
  visit,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { RelationRegistry } from "../../graph/relations/relation-registry.js";
import { ErrorCode, TowerError } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import { shorten } from "../../kernel/text/shorten.js";
import { Refusal, tooExpensive } from "../messages/refusal.js";
import type { Variables } from "./arguments.js";
import type { Pricing } from "./cost-sum.js";
import type { DocumentLimits } from "./document-limits.js";
import { checkSize } from "./document-size.js";
import { checkMerging } from "./merge-limits.js";
import { type Cost, OperationPricer } from "./operation-cost.js";
import { UnconditionalSubscriptionRootRule } from "./subscription-root.js";
import { checkText } from "./text-limits.js";
import { checkLiterals, checkVariables } from "./value-limits.js";

/** An operation as a client requests it. */
export interface OperationRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: Readonly<Record<string, unknown>> | null;
}

/** A validated operation; its variables have not been looked at. */
export interface ValidatedOperation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** An operation within its limits, with its cost. */
export interface Admitted {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The variables that the operation declares, as the client gave them: they can be coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly cost: Cost;
}

interface Validated {
  readonly document: DocumentNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly operations: readonly OperationDefinitionNode[];
  /** Memory that it takes, roughly in bytes. */
  readonly bytes: number;
}

/** Maximum weight of the cached documents, roughly in bytes. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024;
/** Heavier documents are validated each time. */
const MAX_DOCUMENT_BYTES = 1024 * 1024;
/** Typical size of a node with its location. */
const BYTES_PER_NODE = 300;
/** Maximum number of reported variables with a wrong value. */
const MAX_VARIABLE_ERRORS = 5;
/** Cut, because graphql-js quotes the client's own text. */
const MAX_MESSAGE_CHARACTERS = 500;

/** Options of the gate. */
export interface DocumentGateOptions {
  readonly schema: GraphQLSchema;
  readonly relations: RelationRegistry;
  readonly limits: DocumentLimits;
  readonly pricing: Pricing;
  /** Whether clients may read the schema. */
  readonly introspection: boolean;
}

/**
 * The only way in for documents, on every transport: limits, syntax, validation, cost.
 *
 * Each step makes the next one safe: nesting is checked before the parser recurses, size before validation compares fields, fields and
 * variables before they are priced.
 */
export class DocumentGate {
  /** By text. Lives as long as the process. */
  private readonly cache = new LRUCache<string, Validated>({
    maxSize: MAX_CACHED_BYTES,
    maxEntrySize: MAX_DOCUMENT_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });
  private readonly rules: readonly ValidationRule[];
  private readonly pricer: OperationPricer;

  private readonly schema: GraphQLSchema;
  private readonly limits: DocumentLimits;
  private readonly introspection: boolean;

  constructor({ schema, relations, limits, pricing, introspection }: DocumentGateOptions) {
    this.schema = schema;
    this.limits = limits;
    this.introspection = introspection;
    const rules = [...specifiedRules, UnconditionalSubscriptionRootRule];
    this.rules = introspection ? rules : [...rules, NoSchemaIntrospectionCustomRule];
    this.pricer = new OperationPricer(schema, relations, pricing);
  }

  /**
   * Parses and validates the document.
   *
   * @param keep whether it may be kept for the next time; not for clients that act for nobody.
   * @throws Refusal with a code and, for a limit, the count and the limit.
   */
  validate({ query, operationName }: OperationRequest, keep: boolean): ValidatedOperation {
    const { document, fragments, operations } = this.validated(query, keep);
    const operation = operationOf(operations, operationName);
    if (this.schema.getRootType(operation.operation) == null) {
      const message = `This gateway offers no ${operation.operation} operations.`;
      throw new Refusal([{ message, extensions: { code: ErrorCode.GraphqlValidationFailed } }]);
    }
    return { document, operation, fragments };
  }

  /** Checks the variables of a validated operation, and prices it. @throws Refusal */
  admit({ document, operation, fragments }: ValidatedOperation, given: OperationRequest["variables"]): Admitted {
    const variables = declaredVariables(operation, given ?? {});
    asRefusal(() => checkVariables(variables, this.limits));
    const { variableDefinitions = [] } = operation;
    const { coerced, errors } = getVariableValues(this.schema, variableDefinitions, variables, {
      maxErrors: MAX_VARIABLE_ERRORS,
      hideSuggestions: !this.introspection,
    });
    if (errors !== undefined) {
      throw new Refusal(errors.map((error) => requestError(error, ErrorCode.BadUserInput)));
    }
    // Without a prototype, from which a variable that is absent could get a value.
    const known = Object.assign(Object.create(null), coerced) as Variables;
    const cost = asRefusal(() => this.pricer.price(operation, fragments, known));
    this.checkCost(cost);
    return { document, operation, variables, cost };
  }

  private validated(query: string, keep: boolean): Validated {
    const cached = this.cache.get(query);
    if (cached !== undefined) return cached;
    const document = this.parse(query);
    const acyclic = checkSize(document, this.limits);
    asRefusal(() => checkLiterals(document, this.limits));
    if (acyclic) checkMerging(document);
    const errors = validate(this.schema, document, acyclic ? this.rules : [NoFragmentCyclesRule], {
      maxErrors: 20,
      // A suggestion would reveal names of a schema that clients may not read.
      hideSuggestions: !this.introspection,
    });
    if (errors.length > 0)
      throw new Refusal(errors.map((error) => requestError(error, ErrorCode.GraphqlValidationFailed)));
    const fragments = new Map<string, FragmentDefinitionNode>();
    const operations: OperationDefinitionNode[] = [];
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
      else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    }
    const validated = { document, fragments, operations, bytes: dropTokens(document) + query.length };
    if (keep) this.cache.set(query, validated);
    return validated;
  }

  private parse(query: string): DocumentNode {
    try {
      checkText(query, this.limits);
      return parse(query, { maxTokens: this.limits.maxTokens });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new Refusal([{ ...messageAndLocations(error), extensions: { code: ErrorCode.GraphqlParseFailed } }]);
    }
  }

  private checkCost({ calls, objects }: Cost): void {
    const { maxCalls, maxObjects } = this.limits;
    const details = { cost: { calls, objects }, limit: { calls: maxCalls, objects: maxObjects } };
    const hint = "Request smaller pages or fewer fields.";
    if (calls > maxCalls) {
      throw tooExpensive(`Too many calls to CloudTower: at most ${maxCalls}, got ${calls}. ${hint}`, details);
    }
    if (objects > maxObjects) {
      throw tooExpensive(`Result too large: at most ${maxObjects} objects, got up to ${objects}. ${hint}`, details);
    }
  }
}

/** Drops the tokens, comments included, that the nodes of a document hold. @returns the size of the rest, roughly in bytes. */
function dropTokens(document: DocumentNode): number {
  let nodes = 0;
  visit(document, {
    enter(node) {
      nodes += 1;
      if (node.loc === undefined) return;
      const { start, end, source } = node.loc;
      Object.assign(node, { loc: { start, end, source } });
    },
  });
  return nodes * BYTES_PER_NODE;
}

/** @throws Refusal unless the name, or its absence, selects one operation. */
function operationOf(operations: readonly OperationDefinitionNode[], name: string | null | undefined) {
  const selected = name ? operations.filter((operation) => operation.name?.value === name) : operations;
  const [operation] = selected;
  if (operation !== undefined && selected.length === 1) return operation;
  const message =
    operations.length === 0
      ? "The document has no operation."
      : name
        ? `The document has no operation named ${quote(name)}.`
        : "The document has several operations: select one with operationName.";
  throw new Refusal([{ message, extensions: { code: ErrorCode.OperationResolutionFailure } }]);
}

/** Variables that the operation does not declare are ignored: they cost nothing, and go no further. */
function declaredVariables(
  { variableDefinitions = [] }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const declared: Record<string, unknown> = {};
  for (const { variable } of variableDefinitions) {
    const name = variable.name.value;
    if (Object.hasOwn(given, name)) declared[name] = given[name];
  }
  return declared;
}

function requestError(error: GraphQLError, code: ErrorCode): GraphQLFormattedError {
  return { ...messageAndLocations(error), extensions: { code } };
}

function messageAndLocations({ message, locations }: GraphQLError): GraphQLFormattedError {
  return { message: shorten(message, MAX_MESSAGE_CHARACTERS), ...(locations && { locations }) };
}

function asRefusal<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof TowerError)) throw error;
    throw new Refusal([{ message: error.message, extensions: { code: error.code } }]);
  }
}
