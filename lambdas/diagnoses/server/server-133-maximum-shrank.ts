import {
  atMost,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  measured,
  minutes,
  notApplicable,
  nothing,
  set,
} from '../../define.ts';
import { formatBytes, formatPercent, formatTime } from '../../engine/format.ts';
import { jetStreamIsOffHere, serverEntity } from './jetstream.ts';

/** Of a store of which the disk's free space decides, some percent between two starts are nothing to tell of. */
export default defineDiagnosis({
  id: 'SERVER_133',
  title: 'JetStream store smaller than before',
  brief: ['store', 'shrank'],
  scope: 'server',
  reads: { jsz: from() },
  history: { maxima: set(days(1)) },
  limits: {
    left: atMost(
      { info: 0.9, warning: 0.8 },
      { unit: 'ratio', of: 'what is left of the largest `max_file_store` of the last day' },
    ),
  },
  for: minutes(1),
  why:
    'Where `max_file_store` is not configured it is 75 % of what was free on the disk when the server started: what streams ' +
    'already hold counts as taken, so that each restart may leave less, until the streams that are there do not fit.',
  remedy:
    'Was it lowered on purpose? Then nothing is to be done while it holds what is there (SERVER_019, SERVER_131). Else set ' +
    '`max_file_store` to what the disk has for JetStream, what it already holds included, and restart; and look for what else ' +
    'fills the disk.',
  evaluate({ target, jsz, varz, history }, { at }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const { max_storage: now } = jsz.config;
    if (now <= 0) return notApplicable('it has no file store');
    const earlier = history
      .maxima([String(now)])
      .gone.map(({ member, lastSeen }) => ({ most: Number(member), lastSeen }))
      .filter(({ most }) => most > now)
      .toSorted((a, b) => b.most - a.most)[0];
    if (earlier === undefined) return nothing(`at most ${formatBytes(now)}`);
    const data = {
      target,
      now,
      ...earlier,
      upFor: varz.uptime * 1_000,
      restarted: varz.uptime * 1_000 < at - earlier.lastSeen,
      used: jsz.storage,
      reserved: jsz.reserved_storage,
    };
    return measured(`at most ${formatBytes(now)}, was ${formatBytes(earlier.most)}`, [
      { limit: 'left', entity: serverEntity(target), value: now / earlier.most, data },
    ]);
  },
  describe: ({ value, data: { target, now, most, lastSeen, upFor, restarted, used, reserved } }) => ({
    summary:
      `JetStream of ${target.name} may store ${formatBytes(now)}, ${formatPercent(value)} of the ` +
      `${formatBytes(most)} that it had until ${formatTime(lastSeen)}.`,
    evidence: [
      restarted
        ? `the server was restarted, and is up for ${formatDuration(upFor)}`
        : `the server was not restarted, it is up for ${formatDuration(upFor)}: its configuration was reloaded`,
      `it stores ${formatBytes(used)}, and its streams reserve ${formatBytes(reserved)}`,
    ],
    commands: {
      nats: 'nats server report jetstream',
      curl: `curl -s '${target.url}/jsz' | grep -E '"(max_storage|storage|reserved_storage)"'`,
    },
  }),
});
