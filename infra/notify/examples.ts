import { checks } from '../../lambdas/checks/catalogue.ts';
import { minutes } from '../../lambdas/durations.ts';
import { chatMessages } from '../../lambdas/engine/findings/chat.ts';
import { compose } from '../../lambdas/engine/findings/compose.ts';
import { messages } from '../../lambdas/engine/findings/messages.ts';
import type { Notice } from '../../lambdas/engine/findings/report.ts';
import type { Message } from '../../lambdas/ports.ts';
import { factsOf, targetsOf } from '../../lambdas/settings.ts';
import { alarmSpecs, compositeSpecs } from '../alarms/alarm-specs.ts';
import type { AlarmSpec, PagingSeverity } from '../cloudwatch/alarm-spec.ts';
import type { LoadedSettings } from '../settings.ts';

/** The first line of all that is sent as a test. */
const testLine = 'TEST of npm run notify: nothing is wrong.';

/** An alarm that these settings have, of a server where there is one; null where no alarm has the severity. */
export function exampleAlarm(loaded: LoadedSettings, severity: PagingSeverity): AlarmSpec | null {
  const own = alarmSpecs({ checks, ...loaded }).filter((spec) => spec.severity === severity);
  return (
    own.find(({ name }) => name.includes('/NatsServerDown/')) ??
    own.find(({ target }) => target) ??
    own[0] ??
    null
  );
}

/** What tells of open findings by these settings, and that nothing looks any more; null for what they do not have. */
export const otherAlarms = (loaded: LoadedSettings) => {
  const input = { checks, ...loaded };
  return {
    findings:
      alarmSpecs(input).find(
        ({ tags, name }) => name.includes('/findings/') && tags['severity'] === 'critical',
      ) ?? null,
    stopped: compositeSpecs(input)[0] ?? null,
  };
};

/** The same as a test: of another name, so that a pager takes its end for no other alarm's. */
export const asTest = (spec: AlarmSpec, deployment: string): AlarmSpec => ({
  ...spec,
  name: `nats/${deployment}/test/${spec.severity}`,
  description: `${testLine}\n${spec.description}`,
});

const [checkId, diagnosisId] = ['connection-count', 'SERVER_103'] as const;

/** Messages about one critical finding, as a run of its check makes them: it opened, or was resolved. */
export function exampleFinding(
  { settings, translated }: LoadedSettings,
  kind: 'opened' | 'resolved',
  at: number,
  isTest: boolean,
): { readonly topic: readonly Message[]; readonly chat: readonly Message[] } {
  const [cluster] = settings.clusters;
  const check = checks.find(({ id }) => id === checkId);
  const diagnosis = check?.diagnoses.find(({ id }) => id === diagnosisId);
  if (cluster === undefined || check === undefined || diagnosis === undefined)
    throw new Error(`there is no cluster, or no ${diagnosisId} in ${checkId}`);
  const target = targetsOf(cluster)[0] ?? { name: 'server', url: 'http://127.0.0.1:8222', labels: {} };
  const since = at - minutes(12);
  const summary = `${isTest ? `${testLine} ` : ''}${target.name} holds 2,417 connections, limit 2,000; 2,105 of them are named ingest.`;
  const finding = compose(
    {
      diagnosis: diagnosis.id,
      target: target.name,
      entity: { kind: 'server', name: target.name },
      levels: {},
      since,
      announced: 'critical',
      highestAnnounced: 'critical',
      toldAt: at,
      sinceUnknown: false,
      ...{ firstObserved: 2_031, observed: 2_417, limit: 2_000, unit: 'count', limitName: 'connections' },
      summary,
      enriched: {},
    },
    'critical',
    {
      summary,
      evidence: [
        'client names: ingest 2,105 (87 %), billing 188 (8 %), (unnamed) 124 (5 %)',
        'room for 63,119 more',
      ],
      commands: {
        nats: 'nats server report connections --top 20',
        curl: `curl -s '${target.url}/connz?sort=start&limit=20'`,
      },
    },
    {
      facts: factsOf(settings, cluster, translated.plan.covers[cluster.name]),
      group: check.group,
      diagnosis,
      target,
    },
  );
  const id = [checkId, cluster.name, diagnosis.id, kind, new Date(at).toISOString()].join('/');
  const notices: readonly Notice[] = [{ id, kind, severity: 'critical', finding }];
  const context = { check: checkId, cluster: cluster.name, at };
  const marked = (all: readonly Message[]): readonly Message[] =>
    isTest ? all.map((message) => ({ ...message, subject: `TEST ${message.subject}` })) : all;
  return { topic: marked(messages(notices, context)), chat: marked(chatMessages(notices, context)) };
}
