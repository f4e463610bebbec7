import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { plural } from '../../engine/format.ts';
import { complaintsOf } from '../complaints.ts';
import { healthCommand, silenceOn } from './health.ts';

export default defineDiagnosis({
  id: 'SERVER_016',
  title: 'An account with streams cannot be resolved',
  brief: ['servers', 'account unresolved'],
  scope: 'server',
  reads: { healthz: from('2.9.11') },
  history: {},
  limits: {
    unresolved: atLeast(
      { warning: 1 },
      { unit: 'count', of: 'accounts with streams that a server cannot resolve' },
    ),
  },
  // Seen in two runs in a row.
  for: minutes(1),
  why:
    'The server holds streams of an account that it does not know: nobody can use them, and `/healthz` is 503 for the ' +
    'whole server, so that probes may restart it although all other accounts are well.',
  remedy:
    'A server that starts says this of an account whose JWT has expired too (ACCOUNTS_104, ACCOUNTS_102): renew it (`nsc edit ' +
    'account --expiry`, `nsc push`). ' +
    'One that was taken out of the configuration or the resolver left its streams behind: put it back, or delete them. ' +
    'Otherwise the resolver does not answer, or lacks it.',
  evaluate({ target, varz, healthz }) {
    const silence = silenceOn(['ACCOUNT'], { varz, healthz });
    if (silence !== null) return silence;
    const words = complaintsOf(healthz)
      .filter(({ subject }) => subject === 'ACCOUNT')
      .map((complaint) => complaint.words);
    if (words.length === 0) return nothing('every account with streams is known');
    return measured(words.join('; '), [
      {
        limit: 'unresolved',
        entity: { kind: 'server', name: target.name },
        value: words.length,
        data: { target, words, http: healthz.http_status },
      },
    ]);
  },
  describe: ({ value, data: { target, words, http } }) => ({
    summary: `${target.name} holds streams of ${plural(value, 'account')} that it cannot resolve.`,
    evidence: words.map((each) => `/healthz (${http}): ${each}`),
    commands: { nats: 'nats server report accounts', curl: healthCommand(target.url) },
  }),
});
