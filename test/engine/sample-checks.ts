import {
  atLeast,
  defineDiagnosis,
  defineSeries,
  from,
  minutes,
  nothing,
  window,
} from '../../lambdas/define.ts';
import type { RunReport } from '../../lambdas/engine/findings/report.ts';
import { checkOf } from './fake-ports.ts';
import { commands, crowded } from './samples.ts';

const connections = defineSeries({
  name: 'nats_connections',
  help: '',
  unit: 'count',
  scope: 'server',
  reads: {},
  observe: ({ varz }) => varz.connections,
});

/** Counts closed connections, in a series and in a window. */
export const closing = checkOf({
  id: 'closing',
  diagnoses: [
    crowded(),
    defineDiagnosis({
      id: 'CONN_901',
      title: 'Closed connections',
      scope: 'server',
      reads: { closed: from() },
      history: { closes: window(minutes(60)) },
      limits: { closes: atLeast({ warning: 1_000 }, { unit: 'count', of: 'closes' }) },
      for: minutes(0),
      why: '',
      remedy: '',
      evaluate({ closed, history }) {
        const { total } = history.closes(closed.rows.map(({ stoppedAt }) => ({ key: 'all', at: stoppedAt })));
        return nothing(`${total} closed`);
      },
      describe: () => ({ summary: '', evidence: [], commands }),
    }),
  ],
  series: [
    defineSeries({
      name: 'nats_closed',
      help: '',
      unit: 'count',
      scope: 'server',
      reads: { closed: from() },
      addsUp: true,
      observe: ({ closed }) => closed.rows.length,
    }),
  ],
});

/** Finds servers with more than 10 connections. */
export const crowds = checkOf({ id: 'crowds', diagnoses: [crowded()], series: [connections] });

/** What diagnoses saw: `n1 CONN_901: 3 closed`. */
export const seenBy = (report: RunReport | null) =>
  report?.entries.flatMap(({ target: name, diagnoses }) =>
    diagnoses.map(({ id, seen }) => `${name} ${id}: ${seen}`),
  );
