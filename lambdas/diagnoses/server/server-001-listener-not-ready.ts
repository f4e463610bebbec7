import { atLeast, defineDiagnosis, formatDuration, from, measured, minutes, nothing } from '../../define.ts';
import { complaintsOf } from '../complaints.ts';
import { healthCommand, seenOnce } from './health.ts';
import { isDraining, isStarting } from '../lame-duck.ts';

export default defineDiagnosis({
  id: 'SERVER_001',
  title: 'A server is not ready for connections',
  brief: ['servers', 'not ready'],
  scope: 'server',
  reads: { healthz: from() },
  history: {},
  limits: {
    notReady: atLeast({ critical: 1 }, { unit: 'count', of: 'complaints of `/healthz` about listeners' }),
    starting: atLeast(
      { warning: 0, critical: 600 },
      { unit: 'seconds', of: 'uptime of a server that has not opened its client port yet' },
    ),
  },
  // Seen in two runs in a row.
  for: minutes(1),
  why: 'The server runs, and says itself that it is not fit for those who connect: they may be refused there.',
  remedy:
    'Its own words (evidence) say what is not ready, and its log of that time says why. (A client port that is taken is not ' +
    'it: the server ends with that.) If it neither drains nor starts, and its log says nothing more, restart it.',
  evaluate({ target, varz, healthz }) {
    const complaints = complaintsOf(healthz).filter(
      ({ subject }) => subject === 'CONNECTION' || subject === 'other',
    );
    const words = complaints.map((complaint) => complaint.words);
    const listens = complaints.every(({ subject }) => subject !== 'CONNECTION');
    const seen = { varz, healthz };
    if (words.length === 0) return nothing('ready for connections');
    if (isDraining(seen)) return nothing('drains (lame duck), which CLUSTER_101 reports');
    const entity = { kind: 'server' as const, name: target.name };
    const data = { target, words, listens, http: healthz.http_status, uptime: varz.uptime };
    if (isStarting(seen)) {
      const limit = 'starting' as const;
      return measured(`starting for ${formatDuration(varz.uptime * 1_000)}`, [
        { limit, entity, value: varz.uptime, data },
      ]);
    }
    return measured(words.join('; '), [{ limit: 'notReady' as const, entity, value: words.length, data }]);
  },
  describe({ limit, data: { target, words, listens, http, uptime } }, { firstRun }) {
    const evidence = [...words.map((each) => `/healthz (${http}): ${each}`), ...seenOnce(firstRun)];
    const commands = { nats: 'nats server list', curl: healthCommand(target.url) };
    if (limit === 'notReady') {
      const says = listens ? 'is not healthy' : 'is not ready for connections';
      const summary = `${target.name} runs, but says that it ${says} (/healthz ${http}).`;
      return { summary, evidence, commands };
    }
    return {
      summary: `${target.name} started ${formatDuration(uptime * 1_000)} ago and takes no clients yet.`,
      evidence,
      why:
        'A server opens its client port only after JetStream has read its streams from disk. Until then its clients are ' +
        'elsewhere, or nowhere.',
      remedy:
        'Wait, and restart no other server of the cluster meanwhile: its log says how far it is ("Starting restore for ' +
        'stream", "Restored"). If nothing moves there, look at the disk (`store_dir`: full, slow, failing).',
      commands,
    };
  },
});
