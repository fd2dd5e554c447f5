import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from "graphql";
import type { RelationRegistry } from "../../graph/relations/relation-registry.js";
import { ErrorCode } from "../../kernel/errors.js";
import { quote } from "../../kernel/text/global-id.js";
import { Refusal, tooExpensive } from "../messages/refusal.js";
import type { Variables } from "./arguments.js";
import type { Pricing } from "./cost-sum.js";
import type { DocumentLimits } from "./document-limits.js";
import { type Cost, OperationPricer } from "./operation-cost.js";
import { Documents, type Requester, type ValidDocument } from "./validation/documents.js";
import { asRefusal, requestError } from "./validation/request-errors.js";
import { checkVariables } from "./value-limits.js";

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
  /** The schema that it was validated with. */
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The variables that the operation declares, as the client gave them: they can be coerced. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly cost: Cost;
}

/** Maximum number of reported variables with a wrong value. */
const MAX_VARIABLE_ERRORS = 5;

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
  private readonly documents: Documents;
  private readonly pricer: OperationPricer;

  private readonly schema: GraphQLSchema;
  private readonly limits: DocumentLimits;
  private readonly introspection: boolean;

  constructor({ schema, relations, limits, pricing, introspection }: DocumentGateOptions) {
    this.schema = schema;
    this.limits = limits;
    this.introspection = introspection;
    this.documents = new Documents({ schema, limits, introspection });
    this.pricer = new OperationPricer(schema, relations, pricing);
  }

  /**
   * Parses and validates the document, in slices if it is new and long, and selects its operation.
   *
   * @throws Refusal with a code and, for a limit, the count and the limit.
   */
  async validate({ query, operationName }: OperationRequest, requester: Requester): Promise<ValidatedOperation> {
    return this.selected(await this.documents.validated(query, requester), operationName);
  }

  /** The same for an operation of the gateway's operator, without a pause. @throws Refusal */
  validateAtOnce({ query, operationName }: OperationRequest): ValidatedOperation {
    return this.selected(this.documents.validatedAtOnce(query), operationName);
  }

  private selected(
    { document, operations, fragments }: ValidDocument,
    operationName: OperationRequest["operationName"],
  ): ValidatedOperation {
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
    return { schema: this.schema, document, operation, variables, cost };
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
