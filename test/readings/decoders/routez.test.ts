import { expect, it } from 'vitest';
import { decodeRoutez } from '../../../lambdas/readings/decoders/routez.ts';

it('keeps where each route leads to, with and without a name', () => {
  const routes = [{ rid: 4, remote_id: 'NB', remote_name: 'n2', ip: '10.0.0.2' }, { remote_id: 'NC' }];
  expect(decodeRoutez({ server_id: 'NA', num_routes: 2, routes })).toEqual({
    ok: true,
    value: { server_id: 'NA', routes: [{ remote_id: 'NB', remote_name: 'n2' }, { remote_id: 'NC' }] },
  });
});

it('is a problem without its list', () => {
  expect(decodeRoutez({ server_id: 'NA' })).toEqual({
    ok: false,
    problem: 'routes: expected array, received nothing',
  });
});
