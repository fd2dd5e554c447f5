import {
  type ASTNode,
  type ASTVisitor,
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
} from "graphql";
import { LRUCache } from "lru-cache";
import { Cancellation } from "../../../kernel/cancellation.js";
import { ErrorCode } from "../../../kernel/errors.js";
import { KeyedMutex } from "../../../kernel/keyed-mutex.js";
import { runAll, TimeSlicer } from "../../../kernel/turns/time-slicer.js";
import { badRequest, Refusal } from "../../messages/refusal.js";
import type { DocumentLimits } from "../document-limits.js";
import { checkSize } from "../document-size.js";
import { checkMerging } from "../merge-limits.js";
import { checkText } from "../text-limits.js";
import { literalChecks } from "../value-limits.js";
import { refusalOf, requestError } from "./request-errors.js";
import { UnconditionalSubscriptionRootRule } from "./subscription-root.js";
import { validateDocument } from "./validate-document.js";

/** A valid document. */
export interface ValidDocument {
  readonly document: DocumentNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly operations: readonly OperationDefinitionNode[];
  /** Memory that it takes, roughly in bytes. */
  readonly bytes: number;
}

/** Whom a document is validated for. */
export interface Requester {
  readonly client: string;
  /** Whether the document may be kept for the next time; not for clients that act for nobody. */
  readonly keep: boolean;
  /** Waits for the client's next turn on the event loop. */
  readonly nextTurn: (costMs: number) => Promise<void>;
  /** Whether the client has left. */
  readonly isGone: () => boolean;
}

/** Maximum weight of the cached documents, roughly in bytes. */
const MAX_CACHED_BYTES = 32 * 1024 * 1024;
/** Heavier documents are validated each time. */
const MAX_DOCUMENT_BYTES = 1024 * 1024;
/** New documents of at most so many characters are validated within a millisecond or two, and longer ones in slices. */
const MAX_UNSLICED_CHARACTERS = 2_000;
/** Typical size of a node with its location. */
const BYTES_PER_NODE = 300;
/** Maximum number of reported errors of a document. */
const MAX_ERRORS = 20;
/** Never aborts. */
const NEVER = new Cancellation();

/** Options for `Documents`. */
export interface DocumentsOptions {
  readonly schema: GraphQLSchema;
  readonly limits: DocumentLimits;
  /** Whether clients may read the schema. */
  readonly introspection: boolean;
}

/** Parses and validates documents, and keeps the valid ones. Lives as long as the process. */
export class Documents {
  /** By text. Lives as long as the process. */
  private readonly cache = new LRUCache<string, ValidDocument>({
    maxSize: MAX_CACHED_BYTES,
    maxEntrySize: MAX_DOCUMENT_BYTES,
    sizeCalculation: ({ bytes }) => bytes,
  });
  private readonly validating = new KeyedMutex();
  private readonly rules: readonly ValidationRule[];
  private readonly schema: GraphQLSchema;
  private readonly limits: DocumentLimits;
  private readonly introspection: boolean;

  constructor({ schema, limits, introspection }: DocumentsOptions) {
    this.schema = schema;
    this.limits = limits;
    this.introspection = introspection;
    const rules = [...specifiedRules, UnconditionalSubscriptionRootRule];
    this.rules = introspection ? rules : [...rules, NoSchemaIntrospectionCustomRule];
  }

  /**
   * Parses and validates the document: immediately if it is known or short, else in slices.
   *
   * @throws Refusal with a code and, for a limit, the count and the limit. The promise rejects likewise.
   */
  validated(query: string, requester: Requester): ValidDocument | Promise<ValidDocument> {
    const known = this.cache.get(query);
    if (known !== undefined) return known;
    if (query.length > MAX_UNSLICED_CHARACTERS) return this.inSlices(query, requester);
    return runAll(this.steps(query, requester.keep));
  }

  /** Validates the document without a pause, and does not keep it: one that the operator wrote. @throws Refusal */
  validatedAtOnce(query: string): ValidDocument {
    return runAll(this.steps(query, false));
  }

  private async inSlices(query: string, { client, keep, nextTurn, isGone }: Requester): Promise<ValidDocument> {
    const slicer = new TimeSlicer(async (costMs) => {
      await nextTurn(costMs);
      if (isGone()) throw badRequest("The client has left.");
    });
    // A client's long documents one after the other: parsed, each takes megabytes.
    const release = await this.validating.acquire({ keys: [client], signal: NEVER, owner: client });
    try {
      await slicer.yield();
      const validated = this.cache.get(query) ?? (await slicer.run(this.steps(query, keep)));
      // The time slice of what follows is its own.
      await slicer.yield();
      return validated;
    } finally {
      release();
    }
  }

  /** Validates a document that is not known. */
  private *steps(query: string, keep: boolean): Generator<void, ValidDocument> {
    asParsed(() => checkText(query, this.limits));
    yield;
    const document = asParsed(() => parse(query, { maxTokens: this.limits.maxTokens }));
    yield;
    const acyclic = checkSize(document, this.limits);
    if (acyclic) checkMerging(document);
    yield;
    const nodes = new NodeCounter();
    const errors = yield* this.errorsOf(document, [
      () => literalChecks(this.limits),
      () => nodes.visitor,
      ...(acyclic ? this.rules : [NoFragmentCyclesRule]),
    ]);
    if (errors.length > 0) {
      throw new Refusal(errors.map((error) => requestError(error, ErrorCode.GraphqlValidationFailed)));
    }
    const fragments = new Map<string, FragmentDefinitionNode>();
    const operations: OperationDefinitionNode[] = [];
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
      else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
    }
    const bytes = nodes.count * BYTES_PER_NODE + query.length;
    const validated: ValidDocument = { document, fragments, operations, bytes };
    if (keep) this.cache.set(query, validated);
    return validated;
  }

  private *errorsOf(
    document: DocumentNode,
    rules: readonly ValidationRule[],
  ): Generator<void, readonly GraphQLError[]> {
    try {
      // A suggestion would reveal names of a schema that clients may not read.
      const hideSuggestions = !this.introspection;
      return yield* validateDocument(this.schema, document, { rules, maxErrors: MAX_ERRORS, hideSuggestions });
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** Counts the nodes of a document, and drops the tokens, comments included, that they hold. */
class NodeCounter {
  count = 0;
  readonly visitor: ASTVisitor = {
    enter: (node) => {
      this.add(node);
      // Not visited themselves.
      if ("name" in node && node.name !== undefined) this.add(node.name);
      if ("alias" in node && node.alias !== undefined) this.add(node.alias);
    },
  };

  private add(node: ASTNode): void {
    this.count += 1;
    if (node.loc === undefined) return;
    const { start, end, source } = node.loc;
    Object.assign(node, { loc: { start, end, source } });
  }
}

/** @throws Refusal for a syntax error. */
function asParsed<T>(parsing: () => T): T {
  try {
    return parsing();
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    throw new Refusal([requestError(error, ErrorCode.GraphqlParseFailed)]);
  }
}
