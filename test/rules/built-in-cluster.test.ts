import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Servers } from '../scenes/alone.ts';
import { clusterConfig } from '../scenes/configs.ts';
import { startStreams } from '../scenes/streams.ts';
import { natsVersions, startNatsServer, type NatsServer, type NatsVersion } from '../services/nats-server.ts';
import { waitUntil } from '../services/wait.ts';
import { mirrors } from '../../infra/settings/mirrors.ts';
import { alarming, firing, ofAlert } from './built-in-firing.ts';
import { lookAt, type Look } from './built-in-looks.ts';

describe.each(natsVersions)('three nats-servers %s in a cluster, and one behind a gateway', (version) => {
  let scene: Servers;
  let quiet: Look;
  beforeAll(async () => {
    scene = await startStreams({ version });
    quiet = await lookAt(scene.servers);
  });
  afterAll(() => scene.stop());

  it('fire nothing while all is well', async () => {
    expect(await firing([{ look: quiet, minutes: 15 }], { mirror: 'intended' })).toEqual({});
  });

  describe('and a fourth that joined their cluster', () => {
    let unwatched: Look;
    let watched: Look;
    beforeAll(async () => {
      const fourth = await joinedBy(scene.servers.slice(0, 3), version);
      unwatched = await lookAt(scene.servers);
      watched = await lookAt([...scene.servers, fourth]);
      await fourth.stop();
    });

    it('tell of it through its peers, until it is watched too', async () => {
      const phases = [
        { look: quiet, minutes: 5 },
        { look: unwatched, minutes: 10 },
        { look: watched, minutes: 10 },
      ];
      expect(await firing(phases, { mirror: 'intended' })).toEqual({
        'NatsHighRoutesCount warning east1': '8-14',
        'NatsHighRoutesCount warning east2': '8-14',
        'NatsHighRoutesCount warning east3': '8-14',
      });
    });

    it.each(mirrors)('have alarms in ALARM whenever Prometheus fires, in %s form', async (mirror) => {
      const phases = [quiet, unwatched, quiet].map((look) => ({ look, minutes: 10 }));
      expect(alarming(phases, { mirror })).toEqual(await firing(phases, { mirror }));
    });

    it('have too many routes by the literal rule where routes are pooled, though all is well', async () => {
      const fires = await firing([{ look: watched, minutes: 10 }], { mirror: 'literal' });
      const isPooled = version !== '2.9.10';
      const members = isPooled ? ['east1', 'east2', 'east3', 'east4'] : [];
      expect(ofAlert('NatsHighRoutesCount', fires)).toEqual(
        Object.fromEntries(members.map((name) => [`NatsHighRoutesCount warning ${name}`, '3-9'])),
      );
    });
  });

  describe('one of which is down', () => {
    let down: Look;
    beforeAll(async () => {
      const [, , east3] = scene.servers;
      await east3?.stop();
      down = await lookAt(scene.servers);
    });

    it('fire for that server alone, from the third minute on', async () => {
      const phases = [
        { look: quiet, minutes: 5 },
        { look: down, minutes: 10 },
      ];
      expect(await firing(phases, { mirror: 'intended' })).toEqual({
        'NatsServerDown critical east3': '7-14',
      });
    });

    it('have no peer too many while that one answers nobody but its peers', async () => {
      const look = { ...quiet, east3: { varz: null, connz: null } };
      expect(
        ofAlert('NatsHighRoutesCount', await firing([{ look, minutes: 10 }], { mirror: 'intended' })),
      ).toEqual({});
    });

    it('are not down by the literal rule', async () => {
      const fires = await firing([{ look: down, minutes: 10 }], { mirror: 'literal' });
      expect(ofAlert('NatsServerDown', fires)).toEqual({});
    });
  });
});

/** Starts a server that joins the cluster of these, and resolves when each has as many routes to each other. */
async function joinedBy(members: readonly NatsServer[], version: NatsVersion): Promise<NatsServer> {
  const fourth = await startNatsServer({
    version,
    name: 'east4',
    config:
      () => `accounts { APP { users: [{ user: app, password: app }] }, SYS { users: [{ user: sys, password: sys }] } }
system_account: SYS
${clusterConfig('east', -1, members.slice(0, 1))}`,
  });
  await waitUntil(
    'east4 to have all routes',
    () =>
      Promise.all(
        [fourth, ...members].map(async (server) => {
          const { routes, remotes } = (await server.get('/varz')) as Readonly<
            Record<'routes' | 'remotes', number>
          >;
          return { routes, remotes };
        }),
      ),
    (all) => all.every(({ remotes, routes }) => remotes === members.length && routes === all[0]?.routes),
  );
  return fourth;
}
