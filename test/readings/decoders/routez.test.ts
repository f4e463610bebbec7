import { expect, it } from 'vitest';
import { decodeRoutez } from '../../../lambdas/readings/decoders/routez.ts';

const start = '2026-11-20T10:00:00Z';
const figures = { start, pending_size: 12, in_msgs: 3, out_msgs: 4 };
const kept = { ...figures, start: Date.parse(start) };

it('keeps where each route leads to, with and without a name, and what passes', () => {
  const routes = [
    { rid: 4, remote_id: 'NB', remote_name: 'n2', ip: '10.0.0.2', rtt: '1.5ms', account: 'SYS', ...figures },
    { rid: 5, remote_id: 'NC', ...figures },
  ];
  expect(decodeRoutez({ server_id: 'NA', now: start, num_routes: 2, routes })).toEqual({
    ok: true,
    value: {
      ...{ server_id: 'NA', now: Date.parse(start) },
      routes: [
        { rid: 4, remote_id: 'NB', remote_name: 'n2', rtt: 0.0015, account: 'SYS', ...kept },
        { rid: 5, remote_id: 'NC', rtt: 0, ...kept },
      ],
    },
  });
});

it('is a problem without its list', () => {
  expect(decodeRoutez({ server_id: 'NA', now: start })).toEqual({
    ok: false,
    problem: 'routes: expected array, received nothing',
  });
});
