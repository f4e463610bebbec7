import { describe, expect, it } from 'vitest';
import { alarmSpecs } from '../../../infra/alarms/alarm-specs.ts';
import { mutedAlarms } from '../../../infra/alarms/muted-alarms.ts';
import { alarmLine } from '../../../infra/cloudwatch/alarm-spec.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';
import { ourAnswers } from '../../promql/ours.ts';
import { disagreements } from '../../promql/parity.ts';

const clusters = ['prod', 'edge'].map((name) => ({
  name,
  targets: [{ name: 'n1', url: `http://${name}:8222` }],
}));
const input = { checks, ...understand({ clusters, alarms: { engine: 'promql' } }, 'settings') };
const specs = alarmSpecs(input).filter(({ name }) => name.includes('/findings/'));
const [critical] = specs;

describe('alarms on open findings with the engine promql', () => {
  it('are one a cluster and severity, with a contributor a group, and a metric of what rules find', () => {
    expect(specs.map(alarmLine)).toEqual(
      ['prod', 'edge'].flatMap((cluster) => [
        ...['critical', 'warning'].map(
          (severity) =>
            `nats/${cluster}/findings/${severity} | PromQL last_over_time(nats_findings_open{cluster="${cluster}", severity="${severity}"}[20m]) > 0 | every 60 s, pending 0 s, recovery 0 s | ${severity}`,
        ),
        `nats/${cluster}/rules/findings/warning | Maximum nats_findings_open{cluster=${cluster},group=rules,severity=warning} >= 1 | 1 x 60 s | missing=ignore | warning`,
      ]),
    );
  });

  it('say which groups there are, and where to read which it is', () => {
    expect(critical?.description).toMatchInlineSnapshot(`
      "NATS cluster prod: a critical finding is open, of the group that this alarm's contributor names, as of the last 20 min.
      Groups, each told by itself: servers (its servers), links (routes and gateways of its servers), connections (connections to its servers), clients (clients of its servers), accounts (its accounts), leafnodes (its leafnodes), jetstream (JetStream), consumers (JetStream consumers), configuration (how its servers are configured).
      First: Read the newest message about prod on SNS topic nats-cloudwatch-findings: it names the server, the numbers, the cause and what to do. Not subscribed? npm start in a clone of nats-cloudwatch shows the same.
      Finding: by a check of that group.
      Read on: https://docs.nats.io/running-a-nats-service/nats_admin/monitoring"
    `);
  });

  it('are muted with their cluster, and for no check: what is muted does not count', () => {
    const covers = input.translated.plan.covers;
    const muted = (of: object) =>
      mutedAlarms({ clusters: null, checks: null, diagnoses: null, ...of }, specs, covers);
    expect([muted({ clusters: ['edge'] }), muted({ checks: ['server-up'] })]).toEqual([
      [['nats/edge/findings/critical', 'nats/edge/findings/warning', 'nats/edge/rules/findings/warning']],
      [],
    ]);
  });
});

describe('their query, asked each minute', () => {
  const { compared } = critical ?? {};
  const text = compared?.kind === 'promql' ? compared.query : '';
  const series = (group: string, values: string, more = 'cluster="prod", severity="critical"') => ({
    series: `nats_findings_open{${more}, group="${group}"}`,
    values,
  });
  const scene = {
    stepSeconds: 60,
    series: [
      // Opened in the second minute, closed in the ninth.
      series('servers', '0 _ 2x6 0 _x40'),
      // Every five minutes, of which two runs are lost, and the next one is late.
      series('accounts', '_x4 1 _x15 1 _x3 0 _x40'),
      // Open when its check stops.
      series('leafnodes', '1x3 _x60'),
      series('links', '1x60', 'cluster="edge", severity="critical"'),
      series('links', '1x60', 'cluster="prod", severity="warning"'),
    ],
    questions: Array.from({ length: 30 }, (_, minute) => ({ text, atMs: minute * 60_000 })),
  };
  const openIn = (answers: ReturnType<typeof ourAnswers>) => {
    const found: Record<string, number[]> = {};
    answers.forEach((answer, minute) => {
      if ('error' in answer) throw new Error(answer.error);
      for (const { labels } of answer.samples) (found[labels['group'] ?? ''] ??= []).push(minute);
    });
    return Object.fromEntries(
      Object.entries(found).map(([group, minutes]) => [
        group,
        `${minutes[0]} to ${minutes.at(-1)}, ${minutes.length} minutes`,
      ]),
    );
  };

  it('has a group from the minute in which it opens to that in which it closes, and 20 minutes after its check stopped', async () => {
    const ours = ourAnswers(scene, 3);
    expect(openIn(ours)).toEqual({
      servers: '2 to 8, 7 minutes',
      accounts: '4 to 23, 20 minutes',
      leafnodes: '0 to 22, 23 minutes',
    });
    expect(await disagreements(3, [scene])).toEqual([]);
  });
});
