import { expect, it } from 'vitest';
import { deployed } from '../rules.ts';

it("an alert that is called like a check or a diagnosis does not answer in that one's name", () => {
  const names = ['server-up', 'SERVER_001', 'RULE_101', 'RULE_102', 'NatsDown'];
  const rules = names.map((alert) => ({ alert, expr: 'sum(up) < 1' }));
  const { translated } = deployed(
    { clusters: [{ name: 'prod', targets: [{ name: 'hub1', url: 'http://hub1.example:8222' }] }] },
    JSON.stringify({ groups: [{ name: 'g', rules }] }),
  );
  expect(translated.rules.map(({ id }) => id)).toEqual([
    'server-up-warning',
    'SERVER_001-warning',
    'RULE_101-warning',
    'RULE_102-warning',
    'NatsDown',
  ]);
});
