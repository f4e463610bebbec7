export const countSpaces = (text: string): number => text.match(/\s/g)?.length ?? 0;

/** With white space as its code, for it may be such as nobody sees: `hub\u00a0`. */
export const visible = (text: string): string =>
  text.replace(/\s/g, (space) => `\\u${space.charCodeAt(0).toString(16).padStart(4, '0')}`);
