import type { Token, TokenKind } from './lexer.ts';
import { TemplateFault } from './lexer.ts';

const deepestNesting = 100;

/** A place among a template's tokens, and the variables that are known there. */
export class Cursor {
  /** Names as they are written, the latest last; more than once where one hides another. */
  variables: string[];
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(tokens: readonly Token[], variables: readonly string[]) {
    this.tokens = tokens;
    this.variables = [...variables];
  }

  get next(): Token {
    return this.ahead(0);
  }

  /** The next token that is no space; spaces before it are passed. */
  get solid(): Token {
    while (this.next.kind === 'space') this.at += 1;
    return this.next;
  }

  /** Where the last token taken ends. */
  get passed(): number {
    return this.tokens[this.at - 1]?.to ?? 0;
  }

  ahead(count: number): Token {
    const token = this.tokens[this.at + count] ?? this.tokens.at(-1);
    if (token === undefined) throw new TemplateFault('it ends too early');
    return token;
  }

  skip(count = 1): void {
    this.at += count;
  }

  take(): Token {
    const token = this.solid;
    this.at += 1;
    return token;
  }

  expect(kind: TokenKind, where: string): Token {
    const token = this.take();
    if (token.kind !== kind) throw unexpected(token, where);
    return token;
  }

  isWord(...words: readonly string[]): boolean {
    const { kind, text } = this.solid;
    return kind === 'keyword' && words.includes(text);
  }

  deeper<T>(read: () => T): T {
    this.depth += 1;
    if (this.depth > deepestNesting) throw new TemplateFault(`it nests deeper than ${deepestNesting}`);
    const result = read();
    this.depth -= 1;
    return result;
  }
}

export const unexpected = ({ text }: Token, where: string): TemplateFault =>
  new TemplateFault(text === '' ? `it ends within ${where}` : `${text} cannot stand in ${where}`);
