import { describe, expect, it } from 'vitest';
import { recordedReply, recordedVersions, type RecordedVersion } from '../series/streams-scene.ts';
import { mirrors } from '../../infra/settings/mirrors.ts';
import { alarming, firing, ofAlert } from './built-in-firing.ts';
import type { Look } from './built-in-looks.ts';

const recorded = (version: RecordedVersion, scene: string, servers: readonly string[]): Look =>
  Object.fromEntries(
    servers.map((server) => {
      const reply = (name: string) => recordedReply(`${version}/${scene}/${server}/${name}`);
      return [server, { varz: reply('varz'), connz: reply('connz') }] as const;
    }),
  );

describe.each(recordedVersions)('nats-server %s as it was recorded', (version) => {
  it.each([2, 3] as const)(
    'fires nothing with healthy hubs and leaf servers (Prometheus %i)',
    async (prometheus) => {
      const look = recorded(version, 'healthy', ['hub1', 'hub2', 'leaf1', 'leaf2']);
      const fires = await firing([{ look, minutes: 15 }], { mirror: 'intended', leafnodes: 2, prometheus });
      expect(fires).toEqual({});
    },
  );

  it('fires nothing with JetStream and a gateway', async () => {
    const look = recorded(version, 'streams', ['east1', 'east2', 'east3', 'west1']);
    expect(await firing([{ look, minutes: 15 }], { mirror: 'intended' })).toEqual({});
  });

  it.each(mirrors)('has alarms in ALARM whenever Prometheus fires, in %s form', async (mirror) => {
    const look = {
      ...recorded(version, 'healthy', ['hub1', 'hub2', 'leaf1', 'leaf2']),
      ...recorded(version, 'streams', ['east1', 'east2', 'east3', 'west1']),
    };
    const phases = [{ look, minutes: 15 }];
    expect(alarming(phases, { mirror })).toEqual(await firing(phases, { mirror }));
  });

  it.each([
    { cpu: 150, fires: { intended: {}, literal: { 'NatsHighCpuUsage warning alone': '5-9' } } },
    {
      cpu: 350,
      fires: {
        intended: { 'NatsHighCpuUsage warning alone': '5-9' },
        literal: { 'NatsHighCpuUsage warning alone': '5-9' },
      },
    },
  ])('at $cpu % of one core, where it may use four of eight', async ({ cpu, fires }) => {
    const varz = {
      ...(recordedReply(`${version}/alone/alone/varz`) as object),
      cpu,
      cores: 8,
      gomaxprocs: 4,
    };
    const look = { alone: { ...recorded(version, 'alone', ['alone'])['alone'], varz } };
    const seen = await Promise.all(
      mirrors.map(async (mirror) => {
        const all = await firing([{ look, minutes: 10 }], { mirror });
        return [mirror, ofAlert('NatsHighCpuUsage', all)] as const;
      }),
    );
    expect(Object.fromEntries(seen)).toEqual(fires);
  });
});
