import { dashboardSpecs } from '../../../infra/dashboard/dashboards.ts';
import { page } from '../../../infra/preview/page.ts';
import { looksOf, recordedRun } from '../../../infra/preview/recording.ts';
import { understand } from '../../../infra/settings.ts';
import { checks } from '../../../lambdas/checks/catalogue.ts';

const names = Array.from({ length: 100 }, (_, i) => `nats-${i + 1}`);

/** The dashboard of a hundred servers, each much like the first of the recorded run, some of whose alarms are in ALARM. */
export function pageOfHundred(): string {
  const targets = names.map((name) => ({ name, url: `http://${name}.example:8222` }));
  const loaded = understand({ clusters: [{ name: 'prod', targets }] }, 'test');
  const looks = looksOf(recordedRun()).map(({ at, datapoints }) => ({
    at,
    datapoints: datapoints.flatMap((point) => {
      const { server_id: server, ...others } = point.labels;
      if (server === undefined) return [point];
      if (server !== 'n1') return [];
      return names.map((name, i) => ({
        ...point,
        value: point.value * (0.3 + ((i * 37) % 100) / 100),
        labels: { ...others, server_id: name },
      }));
    }),
  }));
  return page({
    dashboards: dashboardSpecs({ checks, ...loaded }),
    looks,
    stateOf: (alarm) => (alarm.includes('/nats-9') ? 'ALARM' : 'OK'),
    source: 'A hundred servers:',
  });
}
