import { readFileSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../deployment/own-stack');
const block = (language: string, file: string) =>
  ['```' + language, readFileSync(path.join(folder, file), 'utf8').trim(), '```'].join('\n');

/** The example of the construct in a stack of one's own, which a test deploys. */
export const ownStackPart = (): string => [block('ts', 'app.ts'), block('yaml', 'nats.yaml')].join('\n\n');
