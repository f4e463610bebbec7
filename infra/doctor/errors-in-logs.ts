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
        const lines = await allOf(async (nextToken) => {
          const page = await account.logs.send(
            new FilterLogEventsCommand({
              logGroupName,
              startTime: now - lookBack,
              filterPattern: pattern,
              nextToken,
            }),
          );
          const lines = (page.events ?? []).flatMap(({ message }) => message ?? []);
          return { items: lines.filter(isTrouble), next: page.nextToken };
        });
        return { id, logGroupName, lines };
      }),
    );
    const bad = found.filter(({ lines }) => lines.length > 0);
    return {
      seen: `${plural(checks.length - bad.length, 'log')} without errors or warnings in the last ${formatDuration(lookBack)}`,
      complaints: bad.map(({ id, logGroupName, lines }) => ({
        what: `${id}: ${plural(lines.length, 'error or warning', 'errors and warnings')}, the last: ${excerpt(lines.at(-1) ?? '')}`,
        todo: `read ${logGroupName}`,
      })),
    };
  },
};

function excerpt(message: string): string {
  const text = printable(messageOf(message).replace(/\s+/g, ' ').trim());
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters)}…` : text;
}

/** Words of the pattern may stand in a line of a run that went well, as a stream's name. */
function isTrouble(line: string): boolean {
  const level = factsOf(line)?.['level'];
  return typeof level === 'string'
    ? /^(warn|error|fatal)$/i.test(level)
    : /ERROR|Task timed out|Runtime exited|errorMessage/.test(line);
}

/** What a line in JSON says; a line that is none as it is. */
function messageOf(line: string): string {
  const facts = factsOf(line);
  const said = [facts?.['message'], facts?.['errorMessage']].find((each) => typeof each === 'string');
  return typeof said === 'string' ? said : line;
}

function factsOf(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value = JSON.parse(line) as unknown;
    return typeof value === 'object' ? (value as Readonly<Record<string, unknown>> | null) : null;
  } catch {
    return null;
  }
}
