import { Lexer, Source, TokenKind } from "graphql";
import { tooExpensive } from "../messages/refusal.js";
import type { DocumentLimits } from "./document-limits.js";

const OPENING = new Set<string>([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING = new Set<string>([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** Maximum length of a text per token that it may have. Long strings and white space block the event loop like tokens. */
const MAX_CHARACTERS_PER_TOKEN = 20;

/**
 * Checks a document's text before it is parsed: the parser recurses for every bracket.
 *
 * @throws Refusal QUERY_TOO_EXPENSIVE beyond a limit.
 * @throws GraphQLError for text that is not a token.
 */
export function checkText(text: string, { maxTokens, maxNesting }: DocumentLimits): void {
  const maxCharacters = maxTokens * MAX_CHARACTERS_PER_TOKEN;
  if (text.length > maxCharacters) {
    throw tooExpensive(`Document too long: at most ${maxCharacters} characters. Send long values as variables.`);
  }
  const lexer = new Lexer(new Source(text));
  let depth = 0;
  for (let tokens = 0; ; ) {
    const token = lexer.advance();
    const { kind } = token;
    // The lexer passes over comments, which it keeps as tokens all the same.
    for (let { prev } = token; prev?.kind === TokenKind.COMMENT; { prev } = prev) tokens += 1;
    if (kind !== TokenKind.EOF) tokens += 1;
    if (tokens > maxTokens) throw tooExpensive(`Document too long: at most ${maxTokens} tokens, comments included.`);
    if (kind === TokenKind.EOF) return;
    if (OPENING.has(kind)) depth += 1;
    else if (CLOSING.has(kind)) depth -= 1;
    if (depth > maxNesting)
      throw tooExpensive(`Document nested too deeply: the bracket depth may be at most ${maxNesting}.`);
  }
}
