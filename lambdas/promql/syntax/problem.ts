import type { Place } from '../ast.ts';

/** Why a text is no PromQL, or what of it cannot be evaluated here. Line and column count from 1. */
export type Problem = Place & {
  readonly message: string;
  readonly line: number;
  readonly column: number;
};

/** Carries a problem out of the parser's depths; `parse` gives it back as a value. */
export class PromqlError extends Error {
  readonly place: Place;

  constructor(message: string, place: Place) {
    super(message);
    this.name = 'PromqlError';
    this.place = place;
  }
}

export function problemAt(text: string, message: string, { from, to }: Place): Problem {
  const before = text.slice(0, from);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { message, from, to, line: before.split('\n').length, column: from - lineStart + 1 };
}
