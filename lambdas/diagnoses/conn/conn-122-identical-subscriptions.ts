import { atLeast, defineDiagnosis, from, measured, minutes, nothing } from '../../define.ts';
import { formatCount, plural } from '../../engine/format.ts';
import { looksAtSubjects } from '../../readings/clients.ts';
import { isTold } from '../clients/census.ts';
import { clientWords } from '../clients/client-words.ts';

export default defineDiagnosis({
  id: 'CONN_122',
  title: 'A client subscribes to one subject many times',
  scope: 'server',
  reads: { clients: from() },
  history: {},
  limits: {
    identical: atLeast(
      { warning: 500 },
      {
        unit: 'count',
        of: `subscriptions to one subject by the client that has most, of ${looksAtSubjects.from} or more`,
      },
    ),
  },
  for: minutes(5),
  why:
    'Each message on that subject is sent to the client once for each of them: so many times the traffic, and so many times the work, ' +
    'unless they are in one queue group, where they are of no use.',
  remedy:
    'Look in the application for a subscription that is made again, after a reconnect or for each request, without ending the one ' +
    'before: libraries subscribe anew by themselves when they reconnect.',
  evaluate({ target, clients: { most, subjects } }, { cluster }) {
    const [first] = most.subs ?? [];
    const row = most.subs?.find(({ cid }) => cid === subjects?.cid);
    const [top] = subjects?.repeated ?? [];
    const largest = `at most ${plural(first?.subscriptions ?? 0, 'subscription')} of one client`;
    if (subjects === null || row === undefined || !isTold(cluster)(row)) return nothing(largest);
    const [subject, times] = top ?? ['', 1];
    return measured(`${largest}, at most ${formatCount(times)} of them to one subject`, [
      {
        limit: 'identical',
        entity: { kind: 'server', name: target.name },
        value: times,
        data: { target, row, subject, subjects },
      },
    ]);
  },
  describe: ({ value, data: { target, row, subject, subjects } }) => ({
    summary: `A client of ${target.name} subscribes to ${subject} ${formatCount(value)} times: ${clientWords(row)}.`,
    evidence: [
      `${plural(subjects.subscriptions, 'subscription')} to ${plural(subjects.subjects, 'subject')}`,
      ...subjects.repeated.map(([name, times]) => `${formatCount(times)} × ${name}`),
    ],
    commands: {
      nats: 'nats server report connections --sort subs --top 5',
      curl: `curl -s '${target.url}/connz?subs=1&cid=${row.cid}' | sort | uniq -c | sort -rn | head -20`,
    },
  }),
});
