import { expect, it } from 'vitest';
import { clientKey, clientNames } from '../../lambdas/diagnoses/client-key.ts';
import { clientName, shown } from '../../lambdas/diagnoses/client-name.ts';
import { closedRow } from '../kit.ts';

it('a client is called by its name, an MQTT client by its id, one of spaces by nothing', () => {
  expect([
    clientName({ name: 'billing' }),
    clientName({ mqtt_client: 'pump-8' }),
    clientName({ name: ' ' }),
    clientName({}),
  ]).toEqual(['billing', 'pump-8', undefined, undefined]);
});

it('a name is whole, however long', () => {
  expect(clientName({ name: 'x'.repeat(300) })).toHaveLength(300);
});

it('rows show a long name by its beginning and its end', () => {
  expect([shown('x'.repeat(64)), shown(`${'x'.repeat(60)}-pod-7f9c-a`)]).toEqual([
    'x'.repeat(64),
    `${'x'.repeat(39)}…${'x'.repeat(13)}-pod-7f9c-a`,
  ]);
});

it('clients that share a name, account or address in part have keys of their own', () => {
  const rows = [
    { name: 'web', account: 'A' },
    { name: 'web', account: 'B' },
    { name: 'web', account: 'A', kind: 'Leafnode' },
    { name: 'web', account: undefined },
    { name: '10.0.0.9' },
    { name: undefined, ip: '10.0.0.9' },
    { name: 'a","b' },
    { name: 'b', account: 'a' },
  ];
  const keys = rows.map((row) => clientKey(closedRow(row)));
  expect(new Set(keys).size).toBe(rows.length);
});

it('clients that would look alike in a row are reported with their accounts, or whole', () => {
  const key = (name: string, account: string) => clientKey(closedRow({ name, account }));
  const long = (middle: string) => `${'x'.repeat(60)}${middle}${'y'.repeat(60)}`;
  expect(
    clientNames([
      key('web', 'A'),
      key('web', 'B'),
      key('solo', 'A'),
      key(long('1'), 'A'),
      key(long('2'), 'A'),
    ]),
  ).toEqual(['web of account A', 'web of account B', 'solo', long('1'), long('2')]);
});
