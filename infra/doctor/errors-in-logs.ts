import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { formatDuration, hours } from '../../lambdas/durations.ts';
import { printable } from '../../lambdas/engine/printable.ts';
import { plural } from '../../lambdas/engine/format.ts';
import { functionName } from '../cloudwatch/alarm-spec.ts';
import { allOf } from '../deployed/pages.ts';
import { type Examination } from './examination.ts';

const lookBack = hours(1);
const mostCharacters = 160;

/**
 * Lambda's words for what ended an invocation, in text and in JSON, and our own log's warnings; case counts
 * (CloudWatch Logs' guide, filter pattern syntax).
 */
const pattern =
  '?ERROR ?"Task timed out" ?"Runtime exited" ?errorMessage ?"\\"level\\":\\"warn\\"" ?"\\"level\\":\\"WARN\\""';

/** Errors and warnings of the last hour in the functions' logs. */
export const errorsInLogs: Examination = {
  name: 'logs',
  async look({ loaded: { settings }, checks, account, now }) {
    const found = await Promise.all(
      checks.map(async ({ id }) => {
        const logGroupName = `/aws/lambda/${functionName(settings.name, id)}`;
        const events = await allOf(async (nextToken) => {
          const page = await account.logs.send(
            new FilterLogEventsCommand({
              logGroupName,
              startTime: now - lookBack,
              filterPattern: pattern,
              nextToken,
            }),
          );
          return { items: page.events ?? [], next: page.nextToken };
        });
        return { id, logGroupName, events };
      }),
    );
    const bad = found.filter(({ events }) => events.length > 0);
    return {
      seen: `${plural(checks.length - bad.length, 'log')} without errors or warnings in the last ${formatDuration(lookBack)}`,
      complaints: bad.map(({ id, logGroupName, events }) => ({
        what: `${id}: ${plural(events.length, 'error or warning', 'errors and warnings')}, the last: ${excerpt(events.at(-1)?.message ?? '')}`,
        todo: `read ${logGroupName}`,
      })),
    };
  },
};

function excerpt(message: string): string {
  const text = printable(messageOf(message).replace(/\s+/g, ' ').trim());
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

/** What a line in JSON says; a line that is none as it is. */
function messageOf(line: string): string {
  try {
    const { message, errorMessage } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const said = [message, errorMessage].find((each) => typeof each === 'string');
    return typeof said === 'string' ? said : line;
  } catch {
    return line;
  }
}
