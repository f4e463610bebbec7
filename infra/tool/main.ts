import { widthOf } from '../lines.ts';
import { command } from './commands/command.ts';

// Whoever reads may have read enough: `| head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { lines, code } = await command(process.argv.slice(2), widthOf(process.stdout, Infinity));
for (const { to, text } of lines) process[to].write(`${text}\n`);
process.exitCode = code;
