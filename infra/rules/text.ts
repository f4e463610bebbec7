import { createHash } from 'node:crypto';

/** Whether a label's value or an annotation is to be filled in by Prometheus. */
export const isTemplate = (text: string): boolean => text.includes('{{');

/**
 * The text without what CDK, CloudFormation or CloudWatch would read as more than text: CDK's tokens, CloudFormation's
 * dynamic references, control characters, halves of characters.
 */
export const harmless = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('${Token[', '$ {Token[')
    .replaceAll('{{resolve:', '{ {resolve:')
    .replaceAll(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/g, ' ');

/** Six hexadecimal digits that tell a text from others that look like it once they are cleaned. */
export const pieceOfHash = (text: string): string =>
  createHash('sha256').update(text.toWellFormed()).digest('hex').slice(0, 6);

/** At most `most` characters, none cut in two. */
export const firstCharacters = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).replace(/[\ud800-\udbff]$/, '');
