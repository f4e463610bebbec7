import {
  atMost,
  days,
  defineDiagnosis,
  formatDuration,
  from,
  hours,
  measured,
  minutes,
  notApplicable,
  nothing,
  set,
  trend,
} from '../../define.ts';
import { formatBytes, formatPercent } from '../../engine/format.ts';
import { jetStreamIsOffHere, serverEntity, shareText } from './jetstream.ts';

const fileStore = 'file';
/** Less full, a store has days left at any pace that is told of here, and new streams fill up to their limits. */
const least = 0.5;
/** A morning's load, or streams that fill up to a limit just after they were made, are no trend. */
const known = hours(12);

/**
 * Says when, where SERVER_019 says that it is almost full. Growth is taken over up to a day, so that day and night even out;
 * a store whose streams have reached their limits does not grow.
 */
export default defineDiagnosis({
  id: 'SERVER_135',
  title: 'JetStream store full soon at its pace',
  brief: ['store', 'full soon'],
  scope: 'server',
  reads: { jsz: from() },
  history: { growth: trend(days(1)), known: set(days(1)) },
  limits: {
    left: atMost(
      { info: days(7) / 1_000, warning: days(2) / 1_000 },
      { unit: 'seconds', of: 'time until `max_file_store` is reached, by the growth of the last day' },
    ),
  },
  for: minutes(30),
  why: 'A full store refuses every message for its streams, and nothing else says so. There is still time to act in daylight.',
  remedy:
    'Which streams grow, and have they a limit (`max_bytes`, `max_age`)? Give them one, or raise `max_file_store` with the disk ' +
    'and restart. A consumer that stopped keeps a work-queue or interest stream growing: look for that first.',
  evaluate({ target, jsz, history }, { at }) {
    if (jsz.disabled) return jetStreamIsOffHere;
    const { storage, config } = jsz;
    const { max_storage: most } = config;
    if (most <= 0) return notApplicable('it has no file store');
    const aDay = history.growth(new Map([[fileStore, storage]]))(fileStore) ?? 0;
    const since = history.known([fileStore]).since.get(fileStore) ?? at;
    const share = shareText({ target, part: storage, most });
    const pace = aDay > 0 ? `, ${formatBytes(aDay)} more a day` : '';
    if (at - since < known || aDay <= 0 || storage < most * least) return nothing(`${share}${pace}`);
    const left = (Math.max(0, most - storage) / aDay) * days(1);
    return measured(`${share}${pace}`, [
      {
        limit: 'left',
        entity: serverEntity(target),
        value: left / 1_000,
        data: { target, storage, most, aDay, streams: jsz.streams },
      },
    ]);
  },
  describe: ({ value, data: { target, storage, most, aDay, streams } }) => ({
    summary:
      `JetStream of ${target.name} reaches ${formatBytes(most)}, its maximum, in about ` +
      `${formatDuration(Math.max(minutes(1), Math.round((value * 1_000) / hours(1)) * hours(1)))} at its pace.`,
    evidence: [
      `it stores ${formatBytes(storage)} (${formatPercent(storage / most)}) and grows by ${formatBytes(aDay)} a day`,
      `it holds replicas of ${streams} streams`,
    ],
    commands: {
      nats: 'nats stream report',
      curl: `curl -s '${target.url}/jsz?streams=true&config=true' | grep -E '"(name|bytes|max_bytes|max_age)"'`,
    },
  }),
});
