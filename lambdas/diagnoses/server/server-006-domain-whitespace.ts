import { atLeast, defineDiagnosis, measured, minutes, notApplicable } from '../../define.ts';
import { countSpaces, visible } from '../white-space.ts';
import { serverEntity } from './jetstream.ts';

/** nats-server refuses ASCII's spaces: what comes through is such as a no-break space, which nobody sees. */
export default defineDiagnosis({
  id: 'SERVER_006',
  title: 'White space in the JetStream domain',
  scope: 'server',
  reads: {},
  history: {},
  limits: {
    spaces: atLeast({ warning: 1 }, { unit: 'count', of: 'white space characters in `jetstream.domain`' }),
  },
  for: minutes(0),
  why:
    'Clients, mirrors and sources reach JetStream by subjects with the domain in them ($JS.DOMAIN.API). With white space that nobody ' +
    'sees, whoever types the name asks another domain, and gets no answer.',
  remedy:
    'Write `jetstream.domain` without it on all servers of the cluster and restart them one by one; streams are kept. Then mend ' +
    'clients, mirrors and sources that copied the name.',
  evaluate({ target, varz }) {
    const { domain } = varz.jetstream.config ?? {};
    if (domain === undefined) return notApplicable('no JetStream domain');
    return measured(visible(domain), [
      { limit: 'spaces', entity: serverEntity(target), value: countSpaces(domain), data: { target, domain } },
    ]);
  },
  describe: ({ data: { target, domain } }) => ({
    summary: `The JetStream domain of ${target.name} has white space: "${visible(domain)}".`,
    evidence: [],
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${target.url}/varz' | grep '"domain"' | cat -A`,
    },
  }),
});
