import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../lambdas/durations.ts';
import { readArguments } from '../../../infra/local/arguments.ts';
import { chooseTargets, type Scenery } from '../../../infra/local/targets.ts';
import { SettingsError } from '../../../lambdas/settings.ts';
import { serveRecorded, type Replay } from '../../replay.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const folder = temporaryFolder('local-targets');
const file = (name: string, text: string): string => {
  const written = path.join(folder, name);
  writeFileSync(written, text);
  return written;
};
const own = file(
  'own.yaml',
  'clusters: [{ name: prod, targets: [{ name: hub1, url: "http://10.0.0.1:8222" }] }]\n',
);
const example = file(
  'example.yaml',
  'clusters: [{ name: prod, targets: [{ name: hub1, url: "http://hub1.example:8222" }] }]\n',
);
/** Nothing listens on port 1. */
const nowhere = { own: path.join(folder, 'none.yaml'), nearby: 'http://127.0.0.1:1' };

let alone: Replay;
beforeAll(async () => {
  alone = await serveRecorded(path.resolve(import.meta.dirname, '../../recorded/2.15.1/alone'));
});
afterAll(() => alone.stop());
const aloneUrl = () => alone.targets[0]?.url ?? '';

const choose = (argv: readonly string[], places = nowhere) => chooseTargets(readArguments(argv), places);
const targetsOf = ({ watches }: Scenery) =>
  watches.map(({ facts, targets }) => [facts.name, targets.map(({ name, url }) => `${name} ${url}`)]);
const refusal = (running: Promise<unknown>) =>
  running.then(
    () => 'accepted',
    (error: unknown) => (error instanceof SettingsError ? error.message : error),
  );

describe('targets', () => {
  it('are the URLs given, named by host and port, each once', async () => {
    const given = ['http://nats1:8222', 'nats2.eu:8222/base/', 'http://[::1]:8222', 'http://nats1:8222'];
    const scenery = await choose(given);
    expect(targetsOf(scenery)).toEqual([
      [
        'local',
        [
          'nats1-8222 http://nats1:8222',
          'nats2.eu-8222-base http://nats2.eu:8222/base',
          '1-8222 http://[::1]:8222',
        ],
      ],
    ]);
    expect([scenery.note, scenery.takenAt, scenery.isReplay, scenery.requestTimeout]).toEqual([
      null,
      null,
      false,
      seconds(5),
    ]);
  });

  it('are each once, however their URLs are written', async () => {
    const given = ['http://H:1', 'h:1/', 'http://h:1', "http://h:1/it's", 'http://h:1/it%27s/'];
    expect(targetsOf(await choose(given))).toEqual([
      ['local', ['h-1 http://h:1', 'h-1-it-27s http://h:1/it%27s']],
    ]);
  });

  it('have a name each where host and port are the same', async () => {
    const given = ['http://h:1', 'https://h:1', 'http://h:1/2', 'http://h/1', 'http://h', 'https://h'];
    expect(targetsOf(await choose(given))).toEqual([
      [
        'local',
        [
          'h-1 http://h:1',
          'h-1-2 https://h:1',
          'h-1-2-2 http://h:1/2',
          'h-1-3 http://h/1',
          'h http://h',
          'h-2 https://h',
        ],
      ],
    ]);
  });

  it('have a name each where their names are cut to the same', async () => {
    const path = 'a'.repeat(70);
    expect(targetsOf(await choose([`http://h/${path}1`, `http://h/${path}2`]))).toEqual([
      ['local', [`h-${'a'.repeat(62)} http://h/${path}1`, `h-${'a'.repeat(60)}-2 http://h/${path}2`]],
    ]);
  });

  it('that are none are refused each for itself', async () => {
    expect(await refusal(choose(['http://', 'http://h?a', 'http://h?b', 'http://h']))).toBe(
      [
        'command line:',
        '  clusters[0].targets[0].url: expected a URL such as http://10.0.1.10:8222',
        ...[1, 2].map(
          (i) =>
            `  clusters[0].targets[${i}].url: expected no query or fragment: only scheme, host, port, base path`,
        ),
      ].join('\n'),
    );
  });

  it('may have hosts whose names are longer than a name may be', async () => {
    const host = `${'a'.repeat(60)}.${'b'.repeat(60)}.internal`;
    expect(targetsOf(await choose([`http://${host}:8222`]))).toEqual([
      ['local', [`${'a'.repeat(60)}.bbb http://${host}:8222`]],
    ]);
  });

  it.each([
    ['http://', 'clusters[0].targets[0].url: expected a URL such as http://10.0.1.10:8222'],
    ['nats://n1:4222', 'clusters[0].targets[0].url: expected http or https, received "nats://"'],
    [
      'http://me:secret@n1',
      'clusters[0].targets[0].url: user and password do not belong here: monitoring has no login',
    ],
    [
      'http://n1/?x=1',
      'clusters[0].targets[0].url: expected no query or fragment: only scheme, host, port, base path',
    ],
  ])('of %s are refused by path', async (url, message) => {
    expect(await refusal(choose([url]))).toBe(`command line:\n  ${message}`);
  });

  it('are those of the settings file given', async () => {
    const scenery = await choose(['--settings', own]);
    expect([targetsOf(scenery), scenery.note]).toEqual([[['prod', ['hub1 http://10.0.0.1:8222']]], null]);
  });

  it('of a settings file given are used even if it is the example', async () => {
    expect(targetsOf(await choose(['--settings', example]))).toEqual([
      ['prod', ['hub1 http://hub1.example:8222']],
    ]);
  });

  it('of a settings file that is missing or wrong are refused by file and path', async () => {
    expect(await refusal(choose(['--settings', path.join(folder, 'no.yaml')]))).toBe(
      `${path.join(folder, 'no.yaml')}:\n  settings: no such file`,
    );
    const wrong = file(
      'wrong.yaml',
      'clusters: [{ name: prod, targets: [{ name: hub1, uri: "http://h" }] }]\n',
    );
    expect(await refusal(choose(['--settings', wrong]))).toMatch(
      /clusters\[0\]\.targets\[0\]\.uri: no such setting/,
    );
  });

  it("are the project's own settings once they were edited, before a server that answers", async () => {
    const scenery = await choose([], { own, nearby: aloneUrl() });
    expect([targetsOf(scenery), scenery.note]).toEqual([
      [['prod', ['hub1 http://10.0.0.1:8222']]],
      'Targets of infra/settings.yaml.',
    ]);
  });

  it('are a server that answers nearby while the settings are the example', async () => {
    const scenery = await choose([], { own: example, nearby: aloneUrl() });
    expect(targetsOf(scenery)).toEqual([
      ['local', [`${new URL(aloneUrl()).host.replace(':', '-')} ${aloneUrl()}`]],
    ]);
    expect([scenery.note, scenery.isReplay]).toEqual([`A server answers on ${aloneUrl()}.`, false]);
  });

  it('are a recorded scene where nothing else is there, which says so and how to see it live', async () => {
    const scenery = await choose([]);
    const [[cluster, targets] = ['', []]] = targetsOf(scenery);
    await scenery.close();
    expect([cluster, (targets as string[]).map((each) => each.split(' ')[0])]).toEqual([
      'recorded',
      ['hub1', 'hub2', 'leaf1', 'leaf2'],
    ]);
    expect(scenery.note).toBe(
      'Replaying a recorded scene: a real cluster of nats-server 2.15.1 in trouble.\n' +
        'To see it live: npm start -- http://your-server:8222, or npm run demo.',
    );
    expect([scenery.isReplay, scenery.takenAt]).toEqual([true, Date.parse('2026-11-20T09:59:26.811Z')]);
  });

  it('are a recorded scene when asked for, even if a server answers', async () => {
    const scenery = await choose(['--replay'], { own, nearby: aloneUrl() });
    await scenery.close();
    expect(scenery.isReplay).toBe(true);
  });

  it('are looked back at for ten minutes, or as long as asked', async () => {
    const spans = await Promise.all([choose(['n1']), choose(['n1', '--since', '2h'])]);
    expect(spans.map(({ watches: [watch] }) => watch?.lookBack)).toEqual([minutes(10), minutes(120)]);
  });
});
