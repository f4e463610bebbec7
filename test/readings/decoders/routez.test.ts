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

it.each([
  [{ pending_size: 2 ** 52 }, true],
  [{ pending_size: 2 ** 52 + 1 }, 'pending_size: expected count, received number 4503599627370497'],
  [{ pending_size: -1 }, 'pending_size: expected count, received number -1'],
  [{ rtt: '365d0s' }, true],
  [{ rtt: '365d1s' }, 'rtt: expected round trip such as 80.7ms, received string "365d1s"'],
  [{ rtt: '-1ms' }, 'rtt: expected round trip such as 80.7ms, received string "-1ms"'],
])('takes what waits and round trips that can be, and no others: %j', (changes, expected) => {
  const routes = [{ rid: 4, remote_id: 'NB', ...figures, ...changes }];
  const decoded = decodeRoutez({ server_id: 'NA', now: start, num_routes: 1, routes });
  expect(decoded.ok ? true : decoded.problem.replace('routes[0].', '')).toBe(expected);
});
