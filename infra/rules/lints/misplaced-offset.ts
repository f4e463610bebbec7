/** L19: what to write where `offset` or `@` stands behind a function or brackets. */
export const misplacedOffset =
  'offset and @ stand right behind the selector, its range or a subquery: rate(x[30m] offset 1h), not rate(x[30m]) offset 1h';
