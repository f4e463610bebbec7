import { tellFailure } from '../command-failure.ts';
import { account } from './account.ts';
import { doctor, usage } from './command.ts';

try {
  const { text, code } = await doctor(process.argv.slice(2), {
    account,
    now: () => Date.now(),
    width: process.stdout.isTTY ? Math.max(process.stdout.columns, 40) : 80,
  });
  process.stdout.write(text);
  process.exitCode = code;
} catch (error) {
  tellFailure(error, { usage, code: 3 });
}
