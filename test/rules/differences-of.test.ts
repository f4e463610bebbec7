import { expect, it } from 'vitest';
import { differencesOf } from '../../infra/rules/differences.ts';
import { readRuleFile } from '../../infra/rules/rule-file/rule-file.ts';
import { deploymentsOf } from './times.ts';

it.each([
  ['gnatsd_varz_mem > 5', '5m', ['ended-series', 'bridged-gap', 'first-state']],
  ['gnatsd_varz_mem > 5', '0s', ['ended-series', 'first-state']],
  ['up == 0', '2m', ['nobody-looks', 'all-down', 'first-state']],
  [
    'absent(up)',
    '2m',
    ['missed-run', 'worst-element', 'several-servers', 'unasked', 'first-state', 'one-cluster'],
  ],
  [
    'gnatsd_varz_mem * 1 > 5',
    '5m',
    ['missed-run', 'worst-element', 'several-servers', 'unasked', 'first-state'],
  ],
  [
    'gnatsd_varz_mem / gnatsd_varz_cores > 5',
    '5m',
    ['missed-run', 'worst-element', 'several-servers', 'unasked', 'infinity', 'first-state'],
  ],
  [
    'increase(gnatsd_varz_in_msgs[5m]) > 5',
    '0s',
    ['missed-run', 'worst-element', 'several-servers', 'unasked', 'first-state', 'each-minute'],
  ],
  [
    'count without (instance) (up) < 3',
    '0s',
    ['missed-run', 'worst-element', 'several-servers', 'unasked', 'first-state', 'up-names-server'],
  ],
  [
    'count without (server_id, instance) (up) < 3',
    '0s',
    ['missed-run', 'worst-element', 'several-servers', 'unasked', 'first-state', 'one-cluster'],
  ],
  [
    'sum(gnatsd_varz_mem) > 5',
    '5m',
    ['missed-run', 'worst-element', 'several-servers', 'unasked', 'first-state', 'one-cluster'],
  ],
])('tells of %s for %s where its alarm may differ from Prometheus: %j', (expr, hold, ids) => {
  const file = JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', expr, for: hold }] }] });
  const [deployment] = deploymentsOf(readRuleFile(file, 'rules.yaml', 2).groups, [
    { name: 'c', servers: ['n1'] },
  ]);
  const alert = deployment?.compiled.groups
    .flatMap(({ rules }) => rules)
    .find((rule) => rule.kind === 'alert');
  const spec = deployment?.translated.specs[0];
  if (alert === undefined || spec === undefined) throw new Error('no alarm');
  expect(differencesOf({ alert, missing: spec.missing }).map(({ id }) => id)).toEqual(ids);
});
