/** Limits on a client's document. All are counts, with every fragment spread expanded. */
export interface DocumentLimits {
  /** Tokens of the text. */
  readonly maxTokens: number;
  /** Bracket depth, of any kind: checked before the parser, whose stack deep nesting would overflow. */
  readonly maxNesting: number;
  /** Operations and fragments. */
  readonly maxDefinitions: number;
  /** Field depth. */
  readonly maxDepth: number;
  /** Fields in total. */
  readonly maxFields: number;
  readonly maxAliases: number;
  readonly maxRootFields: number;
  readonly maxDirectives: number;
  /** Items of one list, in the text or in the variables. */
  readonly maxListLength: number;
  /** Characters of one string, in the text or in the variables. */
  readonly maxStringLength: number;
  /** Calls to CloudTower that an operation may need. */
  readonly maxCalls: number;
  /** Objects that a result may contain. */
  readonly maxObjects: number;
}
