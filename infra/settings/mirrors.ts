/** The built-in rules in the form that means what their names say, or as they are published. */
export const mirrors = ['intended', 'literal'] as const;
export type Mirror = (typeof mirrors)[number];
