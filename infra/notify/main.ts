import { tellFailure } from '../command-failure.ts';
import { widthOf } from '../lines.ts';
import { notify, usage } from './command.ts';

try {
  const { lines, code } = await notify(process.argv.slice(2), {
    sns: async () => new (await import('@aws-sdk/client-sns')).SNSClient(),
    now: () => Date.now(),
    width: widthOf(process.stdout, 80),
  });
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = code;
} catch (error) {
  tellFailure(error, { usage });
}
