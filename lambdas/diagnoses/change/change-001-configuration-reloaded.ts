import {
  atLeast,
  defineDiagnosis,
  formatDuration,
  hours,
  measured,
  minutes,
  nothing,
  set,
} from '../../define.ts';
import { formatTime, inline, plural } from '../../engine/format.ts';

/** What a load of the configuration is known by; a digest is not told before 2.11. */
type Load = { readonly start: number; readonly at: number; readonly digest: string };

const nameOf = ({ start, at, digest }: Load): string => `${start} ${at} ${digest}`;
function loadOf(name: string): Load {
  const [start, at, digest = ''] = name.split(' ');
  return { start: Number(start), at: Number(at), digest };
}

/**
 * Told for an hour, and once for all servers of the cluster. A reload that fails moves nothing of `/varz`, and is no change
 * either; nor is a restart, which loads the configuration anew.
 */
export default defineDiagnosis({
  id: 'CHANGE_001',
  title: 'Configuration reloaded',
  scope: 'cluster',
  reads: {},
  history: { loads: set(hours(1)) },
  limits: {
    reloads: atLeast(
      { info: 1 },
      { unit: 'count', of: 'servers whose configuration was reloaded within the last hour' },
    ),
  },
  for: minutes(0),
  why:
    'What changes soon after a reload may come from it: clients whose user was removed are cut, limits and certificates are others. ' +
    'On nats-server before 2.11 it cannot be seen whether anything changed.',
  remedy:
    'Nothing, where it was meant. A reload that failed cannot be seen here: the server goes on with what it had, and only its log has ' +
    '"Failed to reload server configuration". So look there if this does not come after a change that was rolled out, or if one ' +
    'server of several is missing.',
  evaluate({ servers, unread }) {
    const reloaded = servers.flatMap(({ target, varz, history }) => {
      const { config_load_time: loadedAt, config_digest: digest = '', start } = varz;
      if (loadedAt === undefined) return [];
      const now: Load = { start, at: loadedAt, digest };
      const { gone } = history.loads([nameOf(now)]);
      const before = gone.map(({ member }) => loadOf(member)).filter((load) => load.start === start);
      const [earliest] = before;
      if (earliest === undefined) return [];
      return [{ target, times: before.length, last: now.at, change: changeOf(earliest, now), varz }];
    });
    if (reloaded.length === 0) return nothing('no reload within the last hour');
    return measured(
      `reloaded: ${inline(
        reloaded.map(({ target }) => target.name),
        9,
      )}`,
      [
        {
          limit: 'reloads',
          entity: { kind: 'cluster', name: 'configuration' },
          value: reloaded.length,
          data: { reloaded, others: servers.length + unread.length - reloaded.length },
        },
      ],
    );
  },
  describe: ({ value, data: { reloaded, others } }) => ({
    summary:
      `${plural(value, 'server')} reloaded ${value === 1 ? 'its' : 'their'} configuration, lately at ` +
      `${formatTime(Math.max(...reloaded.map(({ last }) => last)))}: ${inline(reloaded.map(({ target }) => target.name))}` +
      `${others > 0 && value > 1 ? `; ${plural(others, 'other')} did not` : ''}.`,
    evidence: reloaded.map(
      ({ target, times, last, change, varz }) =>
        `${target.name}: ${times === 1 ? 'once' : `${times} times`}, at ${formatTime(last)}; ${change}; up for ${formatDuration(varz.uptime * 1_000)}`,
    ),
    commands: {
      nats: 'nats server list',
      curl: reloaded
        .map(({ target }) => `curl -s '${target.url}/varz' | grep -E '"config_(load_time|digest)"'`)
        .join('; '),
    },
  }),
});

function changeOf(before: Load, now: Load): string {
  if (before.digest === '' || now.digest === '')
    return 'whether it changed anything is not told before nats-server 2.11';
  return before.digest === now.digest ? 'nothing changed, or certificates alone' : 'its content changed';
}
