/** CloudWatch takes 10,000 characters of a PromQL alarm; a rule beyond this is a mistake, not a query. */
export const longestText = 20_000;

/** How deep an expression may nest, an operand of `a + b + c + …` counting as one level each. */
export const deepestNesting = 300;
