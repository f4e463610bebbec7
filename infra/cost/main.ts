import { AlarmError } from '../cloudwatch/alarm-spec.ts';
import { tellFailure } from '../command-failure.ts';
import { cost, usage } from './command.ts';

try {
  process.stdout.write(`${cost(process.argv.slice(2)).join('\n')}\n`);
} catch (error) {
  tellFailure(error, { usage, isMistake: (it) => it instanceof AlarmError });
}
