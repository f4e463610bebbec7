import { atLeast, attempted, defineDiagnosis, isOurs, measured, minutes } from '../../define.ts';
import { failed, firstSteps } from './failure-words.ts';

/** What failed on our side says nothing of the server, and pages nobody as if it were down. */
export default defineDiagnosis({
  id: 'SERVER_114',
  title: 'A server could not be asked',
  brief: ['servers', 'not asked'],
  scope: 'server',
  ofTarget: true,
  reads: { varz: attempted },
  history: {},
  limits: {
    unasked: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'target that was not asked, for no reason of its server' },
    ),
  },
  for: minutes(5),
  why:
    'Nothing is known of this server meanwhile: it may be well or down. `up` stays 1 for 15 min after it last answered; then ' +
    'its alarm keeps its state.',
  remedy: firstSteps({ code: 'not-reached', message: '' }),
  evaluate({ target, varz }) {
    const failures = varz.ok || !isOurs(varz.failure) ? [] : [varz.failure];
    return measured(
      failures[0]?.message ?? 'asked',
      failures.map((failure) => ({
        limit: 'unasked' as const,
        entity: { kind: 'server', name: target.name },
        value: 1,
        data: { target, failure },
      })),
    );
  },
  describe: ({ data: { target, failure } }) => ({
    summary: `${target.name} ${failed(failure)}.`,
    evidence: [failure.message],
    remedy: firstSteps(failure),
    commands: {
      nats: 'nats server list',
      curl: `getent hosts ${new URL(target.url).hostname}; curl -sS -m 5 '${target.url}/varz' | head -5`,
    },
  }),
});
