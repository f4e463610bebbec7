import { tellFailure } from '../command-failure.ts';
import { widthOf } from '../lines.ts';
import { account } from './account.ts';
import { doctor, usage } from './command.ts';

try {
  const { text, code } = await doctor(process.argv.slice(2), {
    account,
    now: () => Date.now(),
    width: widthOf(process.stdout, 80),
  });
  process.stdout.write(text);
  process.exitCode = code;
} catch (error) {
  tellFailure(error, { usage, code: 3 });
}
