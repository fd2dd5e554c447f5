import {
  type ASTNode,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  TypeInfo,
  ValidationContext,
  type ValidationRule,
} from "graphql";
import { DocumentWalk } from "./document-walk.js";

/** Nodes that are visited in one step: some hundredths of a millisecond. */
const NODES_PER_STEP = 16;

const TOO_MANY = "Too many validation errors, error limit reached. Validation aborted.";

/** Options for `validateDocument`. */
export interface ValidationOptions {
  readonly rules: readonly ValidationRule[];
  /** Validation ends with one more error that says so. */
  readonly maxErrors: number;
  /** Omits names of the schema that the client did not write from errors. */
  readonly hideSuggestions: boolean;
}

/** The same errors as graphql-js's `validate` finds, in short steps instead of one that blocks for as long as the document is large. */
export function* validateDocument(
  schema: GraphQLSchema,
  document: DocumentNode,
  { rules, maxErrors, hideSuggestions }: ValidationOptions,
): Generator<void, readonly GraphQLError[]> {
  const errors: GraphQLError[] = [];
  const onError = (error: GraphQLError) => {
    if (errors.length >= maxErrors) throw new GraphQLError(TOO_MANY);
    errors.push(error);
  };
  const typeInfo = new TypeInfo(schema);
  const context = new StepwiseContext(schema, document, typeInfo, onError, hideSuggestions);
  try {
    yield* context.findVariables();
    const walk = new DocumentWalk(
      document,
      rules.map((rule) => rule(context)),
      typeInfo,
    );
    while (walk.step(NODES_PER_STEP)) yield;
  } catch (error) {
    // Of `onError`, or of graphql-js if the fragments would take too much work.
    if (!(error instanceof GraphQLError)) throw error;
    errors.push(error);
  }
  return errors;
}

type VariableUsage = ReturnType<ValidationContext["getVariableUsages"]>[number];

/** A context that knows the variables of each definition, for which rules would otherwise walk through it at once. */
class StepwiseContext extends ValidationContext {
  private readonly usages = new Map<ASTNode, VariableUsage[]>();

  *findVariables(): Generator<void> {
    if (!this.getDocument().loc?.source.body.includes("$")) return;
    const typeInfo = new TypeInfo(this.getSchema());
    let found: VariableUsage[] = [];
    const begin = (definition: ASTNode) => {
      found = [];
      this.usages.set(definition, found);
    };
    const walk = new DocumentWalk(
      this.getDocument(),
      [
        {
          OperationDefinition: begin,
          FragmentDefinition: begin,
          VariableDefinition: () => false,
          Variable(node) {
            const [type, parentType] = [typeInfo.getInputType(), typeInfo.getParentInputType()];
            found.push({ node, type, parentType, defaultValue: typeInfo.getDefaultValue() });
          },
        },
      ],
      typeInfo,
    );
    while (walk.step(NODES_PER_STEP)) yield;
  }

  override getVariableUsages(node: Parameters<ValidationContext["getVariableUsages"]>[0]): readonly VariableUsage[] {
    return this.usages.get(node) ?? [];
  }
}
