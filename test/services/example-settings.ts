import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

/** A copy of the example settings whose servers may exist: as they come they are refused. */
export function exampleSettings(): string {
  const example = path.resolve(import.meta.dirname, '../../infra/settings.yaml');
  const file = path.join(temporaryFolder('example'), 'settings.yaml');
  writeFileSync(file, readFileSync(example, 'utf8').replaceAll('.nats.example', '.nats.internal'));
  return file;
}
