import { writeFileSync } from 'node:fs';
import { tellFailure } from '../command-failure.ts';
import { preview, usage } from './command.ts';

const isTold = process.stderr.isTTY;

try {
  const made = await preview(
    process.argv.slice(2),
    { info: () => {}, warn: (message) => process.stderr.write(`warning: ${message}\n`) },
    (looked, of) => isTold && process.stderr.write(`\rlook ${looked} of ${of}${looked === of ? '\n' : ''}`),
  );
  if (made !== null) writeFileSync(made.file, made.html);
  process.stdout.write(made === null ? usage : `${made.said}\n`);
} catch (error) {
  tellFailure(error, { usage });
}
