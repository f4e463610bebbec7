import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTwoHubs, type TwoHubs } from '../scenes/two-hubs.ts';
import { natsVersions } from '../services/nats-server.ts';
import { mirrors } from '../../infra/settings/mirrors.ts';
import { alarming, firing, ofAlert } from './built-in-firing.ts';
import { lookAt, type Look } from './built-in-looks.ts';

describe.each(natsVersions)('two hubs of nats-server %s with two leafnodes', (version) => {
  let scene: TwoHubs;
  let [quiet, oneLeft, noneLeft, everything]: Look[] = [];
  beforeAll(async () => {
    scene = await startTwoHubs({ version });
    const hubs = [scene.hub1, scene.hub2];
    quiet = await lookAt(hubs);
    await scene.leaf1.stop();
    await scene.settled(1);
    oneLeft = await lookAt(hubs);
    await scene.leaf2.stop();
    await scene.settled(0);
    noneLeft = await lookAt(hubs);
    everything = await lookAt(scene.servers);
  });
  afterAll(() => scene.stop());

  const watched = async (look: Look = {}, leafnodes?: number) =>
    firing(
      [
        { look: quiet ?? {}, minutes: 10 },
        { look, minutes: 10 },
      ],
      { mirror: 'intended', ...(leafnodes === undefined ? {} : { leafnodes }) },
    );

  it('fire nothing while the number of leafnodes is stable', async () => {
    expect(await watched(quiet, 2)).toEqual({});
  });

  it('fire by the literal rule of 2024 while the number of leafnodes is stable', async () => {
    const fires = await firing([{ look: quiet ?? {}, minutes: 20 }], { mirror: 'literal' });
    expect(ofAlert('NatsLeafNodeConnectionIssue', fires)).toEqual({
      'NatsLeafNodeConnectionIssue critical hub1': '6-19',
      'NatsLeafNodeConnectionIssue critical hub2': '6-19',
    });
  });

  it('fire nothing while one leafnode is left on either', async () => {
    expect(await watched(oneLeft, 2)).toEqual({});
  });

  it('fire when none was left for five minutes', async () => {
    expect(await watched(noneLeft, 2)).toEqual({ 'NatsLeafNodeConnectionIssue critical': '15-19' });
  });

  it('fire nothing where settings expect no leafnodes', async () => {
    expect(await watched(noneLeft)).toEqual({});
  });

  it.each(mirrors)('have alarms in ALARM whenever Prometheus fires, in %s form', async (mirror) => {
    const phases = [quiet, oneLeft, noneLeft, quiet].map((look = {}) => ({ look, minutes: 8 }));
    expect(alarming(phases, { mirror, leafnodes: 2 })).toEqual(
      await firing(phases, { mirror, leafnodes: 2 }),
    );
  });

  it('do not tell where the leafnodes are while a server cannot be read', async () => {
    expect(ofAlert('NatsLeafNodeConnectionIssue', await watched(everything, 2))).toEqual({});
  });
});
