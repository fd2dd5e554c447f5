/** What a client's document may come to. All are numbers of things, counted with every fragment put in place of its spreads. */
export interface DocumentLimits {
  /** Words and signs of the text. */
  readonly maxTokens: number;
  /** Brackets of any kind inside one another: checked before the parser, whose stack they would fill. */
  readonly maxNesting: number;
  /** Operations and fragments. */
  readonly maxDefinitions: number;
  /** Fields below one another. */
  readonly maxDepth: number;
  /** Fields in all. */
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
  /** Objects that an operation may answer with. */
  readonly maxObjects: number;
}
