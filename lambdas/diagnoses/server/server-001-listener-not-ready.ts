import { atLeast, defineDiagnosis, formatDuration, from, measured, minutes, nothing } from '../../define.ts';
import { complaintsOf, healthCommand, seenOnce } from '../health.ts';
import { isDraining, isStarting } from '../lame-duck.ts';

export default defineDiagnosis({
  id: 'SERVER_001',
  title: 'A server is not ready for connections',
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
  why: 'The server runs, but a port that its configuration names is not open: whoever needs it is refused there.',
  remedy:
    'Read its log for "Error listening on" or "Error trying to": mostly the port is taken by another process or by an ' +
    'earlier one that did not end, or the address is not of this host. Correct it and restart the server.',
  evaluate({ target, varz, healthz }) {
    const words = complaintsOf(healthz)
      .filter(({ subject }) => subject === 'CONNECTION' || subject === 'other')
      .map((complaint) => complaint.words);
    const seen = { varz, healthz };
    if (words.length === 0) return nothing('ready for connections');
    if (isDraining(seen)) return nothing('drains (lame duck), which CLUSTER_101 tells of');
    const entity = { kind: 'server' as const, name: target.name };
    const data = { target, words, http: healthz.http_status, uptime: varz.uptime };
    if (isStarting(seen)) {
      const limit = 'starting' as const;
      return measured(`starting for ${formatDuration(varz.uptime * 1_000)}`, [
        { limit, entity, value: varz.uptime, data },
      ]);
    }
    return measured(words.join('; '), [{ limit: 'notReady' as const, entity, value: words.length, data }]);
  },
  describe({ limit, data: { target, words, http, uptime } }, { firstRun }) {
    const evidence = [...words.map((each) => `/healthz (${http}): ${each}`), ...seenOnce(firstRun)];
    const commands = { nats: 'nats server list', curl: healthCommand(target.url) };
    if (limit === 'notReady') {
      const summary = `${target.name} runs, but is not ready for connections (/healthz ${http}).`;
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
