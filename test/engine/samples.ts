import { above, defineDiagnosis, measured, minutes } from '../../lambdas/define.ts';
import type { Diagnosis, Entity } from '../../lambdas/define.ts';
import type { Limits } from '../../lambdas/limits.ts';

export const commands = { nats: 'nats server list', curl: 'curl -s http://n1:8222/varz' };

/** More than 10 connections of one server is a warning, more than 100 critical. */
export const crowded = (changes: Partial<Diagnosis> = {}): Diagnosis => ({
  ...defineDiagnosis({
    id: 'SERVER_900',
    title: 'Crowded',
    scope: 'server',
    reads: {},
    history: {},
    limits: { connections: above({ warning: 10, critical: 100 }, { unit: 'count', of: 'connections' }) },
    for: minutes(0),
    why: 'Crowds hurt.',
    remedy: 'Send some home.',
    evaluate: ({ target, varz: { connections } }) =>
      measured(`${connections} connections`, [
        {
          limit: 'connections',
          entity: { kind: 'server', name: target.name },
          value: connections,
          data: null,
        },
      ]),
    describe: ({ value, entity }) => ({
      summary: `${entity.name} holds ${value} connections.`,
      evidence: [],
      commands,
    }),
  }),
  ...changes,
});

/** Each of these entities of one server has a value; more than 10 is a warning, more than 100 critical. */
export const each = (
  entities: () => readonly { readonly entity: Entity; readonly value: number }[],
  limits: Limits = { value: above({ info: 1, warning: 10, critical: 100 }, { unit: 'count', of: 'values' }) },
): Diagnosis =>
  defineDiagnosis({
    id: 'CONN_900',
    title: 'One of many',
    scope: 'server',
    reads: {},
    history: {},
    limits,
    for: minutes(0),
    why: 'Because.',
    remedy: 'Do it.',
    evaluate: () =>
      measured(
        'many',
        entities().map((one) => ({ limit: 'value', data: null, ...one })),
      ),
    describe: ({ value, entity }) => ({ summary: `${entity.name} has ${value}.`, evidence: [], commands }),
  });

export const client = (name: string): Entity => ({ kind: 'client', name });
