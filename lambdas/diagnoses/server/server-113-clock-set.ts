import { atLeast, defineDiagnosis, formatDuration, measured, minutes, window } from '../../define.ts';
import { formatTime } from '../../engine/format.ts';

/** What the clock was ahead of the server's own running time, which no one sets; ms. */
type Offset = { readonly ms: number };

/**
 * `start` is read from the clock once, `uptime` is counted: their sum and `now` part when the clock is set (and when the
 * machine sleeps, as uptime does not go on then). Uptime is told in whole seconds.
 */
export default defineDiagnosis({
  id: 'SERVER_113',
  title: "A server's clock was set",
  brief: ['servers', 'clock set'],
  scope: 'server',
  reads: {},
  history: { offsets: window<Offset>(minutes(15)) },
  limits: {
    step: atLeast({ warning: 30 }, { unit: 'seconds', of: 'by which a clock was set at once' }),
  },
  for: minutes(0),
  why:
    'Times that the server gives before and after do not fit together: of messages in JetStream and their age limits, of ' +
    'JWTs that expire, of closed connections. Closes of that minute are known by the ids of the connections instead, and ' +
    'counted at the time they were seen.',
  remedy:
    'Look at the time service of that host (`chronyc tracking`, `timedatectl`): a clock that is far off at boot, two services ' +
    'that disagree, a virtual machine that was paused or moved. It should correct the clock slowly, and step it at boot ' +
    'only, before nats-server starts.',
  evaluate({ target, varz, history }, { at }) {
    const ms = varz.now - varz.start - varz.uptime * 1_000;
    const { keys } = history.offsets([{ key: varz.server_id, at, note: { ms } }]);
    const samples = keys.get(varz.server_id)?.samples ?? [];
    const steps = samples.slice(1).map((sample, i) => ({
      at: sample.at,
      ms: sample.note.ms - (samples[i]?.note.ms ?? sample.note.ms),
    }));
    const largest = steps.reduce((top, step) => (Math.abs(step.ms) > Math.abs(top.ms) ? step : top), {
      at,
      ms: 0,
    });
    const seconds = Math.floor(Math.abs(largest.ms) / 1_000);
    return measured(
      seconds < 5 ? 'its clock runs evenly' : `its clock was set by ${formatDuration(seconds * 1_000)}`,
      [
        {
          limit: 'step',
          entity: { kind: 'server', name: target.name },
          value: seconds,
          data: { target, largest },
        },
      ],
    );
  },
  describe: ({ value, data: { target, largest } }) => ({
    summary:
      `The clock of ${target.name} was set ${largest.ms < 0 ? 'back' : 'forward'} by ${formatDuration(value * 1_000)} within ` +
      `the minute before ${formatTime(largest.at)}${largest.ms < 0 ? '' : ', or the machine stood still for as long'}.`,
    evidence: ['seen from /varz: `now` went another way than `start` and `uptime` together'],
    commands: {
      nats: 'nats server ping',
      curl: `date -u +%FT%TZ; curl -s '${target.url}/varz' | grep -E '"(start|now|uptime)"'`,
    },
  }),
});
