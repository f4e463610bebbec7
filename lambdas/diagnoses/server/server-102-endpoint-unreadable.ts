import { atLeast, defineDiagnosis, from, measured, minutes } from '../../define.ts';
import { failed } from './failure-words.ts';

/** In the list of each check that answers for endpoints. A server without `/varz` is `server-up`'s matter. */
export default defineDiagnosis({
  id: 'SERVER_102',
  title: 'An endpoint cannot be read while the server is up',
  brief: ['servers', 'unread endpoint'],
  scope: 'server',
  ofTarget: true,
  reads: { varz: from() },
  history: {},
  limits: {
    unread: atLeast({ warning: 1 }, { unit: 'count', of: 'endpoint whose reply cannot be had or used' }),
  },
  for: minutes(15),
  why: 'What this check reads from that endpoint is not known: its other diagnoses are blind on this server meanwhile.',
  remedy:
    'Ask the endpoint by hand (below) and look at the failure: a time-out on a large reply means a server short of CPU ' +
    'or too large a list, a status or HTML a proxy in between, an unexpected shape or count a server newer than this release.',
  evaluate({ target, failures: all }) {
    // Which is SERVER_111's to tell.
    const failures = all.filter(({ failure: { code } }) => code !== 'another-server');
    const failing = failures.map(({ path, failure }) => `${path} ${failed(failure)}`);
    return measured(
      failing.length === 0 ? 'every endpoint answers' : failing.join(', '),
      failures.map(({ path, failure }) => ({
        limit: 'unread' as const,
        entity: { kind: 'endpoint', name: path },
        value: 1,
        data: { target, failure },
      })),
    );
  },
  describe: ({ entity, data: { target, failure } }) => ({
    summary: `${target.name} answers /varz; its ${entity.name} ${failed(failure)}.`,
    evidence: [failure.message],
    commands: {
      nats: 'nats server ping',
      curl: `curl -sS -m 10 -o /dev/null -w '%{http_code} %{size_download} bytes in %{time_total} s\\n' '${target.url}${entity.name}'`,
    },
  }),
});
