import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { understand } from '../../infra/settings.ts';
import { minutes } from '../../lambdas/durations.ts';
import { watchedAlarms } from '../../infra/local/watched-alarms.ts';
import type { Target } from '../../lambdas/readings/reading.ts';
import { firstMinute } from '../kit.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { watchingLive, type LiveLook } from './watching.ts';

/** One minute of a deployment with rules. */
export type RuledLook = {
  readonly rules: LiveLook;
  /** Alarms that are not OK, with their states: `nats/live/ServerDown/n1/critical ALARM`. */
  readonly alarms: readonly string[];
  /** What was published by series, rule and server: `nats_rule Backlog n1`; again for an earlier minute as `40@-2`. */
  readonly points: Readonly<Record<string, string>>;
};

/**
 * Real servers, watched minute by minute by the deployed rules of a file and by server-up, and the alarms as CloudWatch
 * would have them. The minutes are whole, whatever time passes.
 */
export function ruledLive(
  targets: readonly Pick<Target, 'name' | 'url'>[],
  rules: string,
  settings: Readonly<Record<string, unknown>> = {},
) {
  const folder = temporaryFolder('rules');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'nats.rules.yaml'), rules);
  const { translated } = understand(
    { clusters: [{ name: 'live', targets }], rules: ['nats.rules.yaml'], ...settings },
    path.join(folder, 'settings.yaml'),
  );
  const refused = translated.rules.filter(({ status }) => status === 'refused');
  if (refused.length > 0) throw new Error(JSON.stringify(refused));
  const alarms = watchedAlarms(translated.specs);
  const watching = { plan: translated.plan, clock: () => firstMinute };
  const [ruled, up] = ['rule-series', 'server-up'].map((id) => watchingLive(id, targets, watching));
  if (ruled === undefined || up === undefined) throw new Error('no checks');
  let at = firstMinute;
  return {
    translated,
    async look(): Promise<RuledLook> {
      at += minutes(1);
      const looks = [await ruled.look(), await up.look()] as const;
      for (const { datapoints } of looks) await alarms.put(datapoints);
      const states = alarms.states(at).filter(({ state }) => state !== 'OK');
      return {
        rules: looks[0],
        alarms: states.map(({ name, state }) => `${name} ${state}`),
        points: pointsOf(
          looks.flatMap(({ datapoints }) => datapoints),
          at,
        ),
      };
    },
  };
}

function pointsOf(datapoints: LiveLook['datapoints'], at: number): RuledLook['points'] {
  const named = datapoints.filter(({ labels }) => labels['check'] === undefined);
  const groups = Map.groupBy(named, ({ series, labels }) =>
    [series, labels['rule'], labels['server_id']].filter(Boolean).join(' '),
  );
  const textOf = ({ value, at: own }: LiveLook['datapoints'][number]): string => {
    const before = (Date.parse(own) - at) / minutes(1);
    return before === 0 ? String(value) : `${value}@${before}`;
  };
  return Object.fromEntries([...groups].map(([name, some]) => [name, some.map(textOf).join(' ')]));
}

/** Minute by minute what each series got. */
export function courses(looks: readonly RuledLook[]): Readonly<Record<string, string>> {
  const names = [...new Set(looks.flatMap(({ points }) => Object.keys(points)))];
  return Object.fromEntries(
    names.map((name) => [name, looks.map(({ points }) => points[name] ?? '-').join(', ')]),
  );
}

/** What there was to say in each minute in which there was something. */
export const minutesOf = (
  looks: readonly RuledLook[],
  said: (look: RuledLook) => readonly string[],
): readonly string[] =>
  looks.flatMap((look, n) => (said(look).length === 0 ? [] : [`${n}: ${said(look).join(', ')}`]));
