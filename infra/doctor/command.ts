import { checks } from '../../lambdas/checks/catalogue.ts';
import { plural } from '../../lambdas/engine/format.ts';
import { parseCommandLine, UsageError } from '../command-line.ts';
import { hanging } from '../lines.ts';
import { loadSettings } from '../settings.ts';
import { examine, type Examined } from './doctor.ts';
import type { Account } from './examination.ts';

export const usage = `Usage: npm run doctor -- [options]

Looks at what is deployed from outside: whether checks run and schedules are
enabled, errors in logs, which servers one of the functions reaches, whether
these settings are deployed, alarms without data or actions, subscriptions that
nobody confirmed. It reads only, and starts one function once, which runs no
check.

  --settings <file>  as for the deployment (infra/settings.yaml)
  --table <name>     the memory table, where the deployment is in a stack of
                     your own
  --json             for machines
  --help

Exit code: 0 all is well; 1 something is to be seen to; 2 the input cannot be
used; 3 not all could be looked at.
`;

export type World = {
  readonly account: () => Promise<Account>;
  readonly now: () => number;
  /** Of lines. */
  readonly width: number;
};

export type Answer = { readonly text: string; readonly code: 0 | 1 | 3 };

/** @throws UsageError, SettingsError */
export async function doctor(argv: readonly string[], { account, now, width }: World): Promise<Answer> {
  const { values, positionals } = parseCommandLine(argv, { table: { type: 'string' } });
  if (values.help) return { text: usage, code: 0 };
  if (positionals.length > 0) throw new UsageError(`doctor takes no ${positionals.join(' ')}`);
  const loaded = loadSettings(values.settings ?? 'infra/settings.yaml');
  const at = now();
  const examined = await examine({
    ...{ loaded, checks, account: await account(), now: at },
    table: values.table ?? null,
  });
  const { name } = loaded.settings;
  if (values.json) {
    const document = { deployment: name, at: new Date(at).toISOString(), examinations: examined };
    return { text: `${JSON.stringify(document, null, 2)}\n`, code: codeOf(examined) };
  }
  return {
    text: [...lines(examined, width), '', ending(name, examined), ''].join('\n'),
    code: codeOf(examined),
  };
}

const codeOf = (examined: readonly Examined[]): Answer['code'] => {
  if (examined.some(({ outcome }) => outcome === 'unknown')) return 3;
  return examined.some(({ outcome }) => outcome === 'ill') ? 1 : 0;
};

const words = { well: 'ok', ill: 'SEE TO', unknown: 'UNKNOWN' } as const;
const columns = { outcome: 8, name: 14 } as const;

/** An examination with what it saw, and below it each complaint with what to do. */
function lines(examined: readonly Examined[], width: number): readonly string[] {
  const margin = ' '.repeat(columns.outcome);
  return examined.flatMap(({ name, outcome, seen, complaints }) => [
    ...hanging(`${words[outcome].padEnd(columns.outcome)}${name.padEnd(columns.name)}`, seen, width),
    ...complaints.flatMap(({ what, todo }) => [
      ...hanging(`${margin}- `, what, width),
      ...hanging(`${margin}  do: `, todo, width),
    ]),
  ]);
}

function ending(name: string, examined: readonly Examined[]): string {
  const complaints = examined.flatMap((each) => each.complaints).length;
  const unknown = examined.filter(({ outcome }) => outcome === 'unknown').length;
  const parts = [
    ...(complaints > 0 ? [`${plural(complaints, 'thing')} to see to`] : []),
    ...(unknown > 0 ? [`${plural(unknown, 'question')} without an answer`] : []),
  ];
  return `${name}: ${parts.length === 0 ? 'all is well' : parts.join(', ')}`;
}
