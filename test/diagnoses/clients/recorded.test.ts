import { describe, expect, it } from 'vitest';
import clients from '../../../lambdas/checks/clients.ts';
import { lookAtRecorded } from '../../recorded.ts';

const facts = {
  expect: { services: [{ name: 'orders', account: 'APP', instances: 3 }] },
} as const;

describe.each(['2.9.10', '2.10.27', '2.15.1'] as const)('clients of a recorded nats-server %s', (version) => {
  it('are seen as they were', async () => {
    const { found, seen } = await lookAtRecorded(clients, version, 'clients', { facts });
    expect(found.toSorted()).toEqual([
      'CONN_111 info nats-py before 2.10.0',
      'CONN_111 info nats.go before 1.37.0',
      'CONN_122 warning n1',
      'CONN_123 warning n1',
    ]);
    expect({
      named: seen['cluster']?.['CONN_112'],
      bearers: seen['cluster']?.['USER_001'],
      users: seen['cluster']?.['USER_002'],
      services: seen['cluster']?.['SERVICE_002'],
      libraries: seen['cluster']?.['SERVICE_001'],
      identical: seen['n1']?.['CONN_122'],
    }).toEqual({
      named: '1 of 9 clients without a name',
      bearers: '0 connections with bearer tokens',
      users: 'at most 7 connections of one user',
      services: 'orders (APP) 3',
      libraries: 'orders (APP): 1 library',
      identical: 'at most 1,200 subscriptions of one client, at most 600 of them to one subject',
    });
  });

  it('are none to tell of on a server in good health', async () => {
    const { found } = await lookAtRecorded(clients, version, 'healthy');
    expect(found.filter((each) => !each.includes(' info '))).toEqual([]);
  });
});
