import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fileMemory, processMemory } from '../../../lambdas/adapters/memory/file.ts';
import { exitCode, worst } from '../../../lambdas/engine/findings/outcome.ts';
import { readArguments } from '../../../infra/local/arguments.ts';
import { documentOf, type RunDocument } from '../../../infra/local/document.ts';
import { chooseChecks, look, nowhere } from '../../../infra/local/look.ts';
import { sharedSource } from '../../../infra/local/shared-source.ts';
import { chooseTargets } from '../../../infra/local/targets.ts';
import type { Log, Memory } from '../../../lambdas/ports.ts';
import { serveRecorded, type Replay } from '../../replay.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';
import { fakeWorld, target } from '../../engine/fake-ports.ts';

const folder = temporaryFolder('local-look');
const recorded = (scene: string) => path.resolve(import.meta.dirname, '../../recorded/2.15.1', scene);

let alone: Replay;
let trouble: Replay;
beforeAll(async () => {
  alone = await serveRecorded(recorded('alone'));
  trouble = await serveRecorded(recorded('trouble/2'));
});
afterAll(() => Promise.all([alone.stop(), trouble.stop()]));

const silent: Log = { info: () => {}, warn: () => {} };

/** One look at a scene with some checks, as `npm start -- --json <url>...` has it. */
async function looking(scene: Replay, ids: readonly string[], memory: Memory = processMemory(), at?: number) {
  const scenery = await chooseTargets(readArguments(scene.targets.map(({ url }) => url)));
  const takenAt = at ?? scene.takenAt.getTime();
  const reports = await look(
    chooseChecks(ids),
    { ...scenery, takenAt },
    { memory, metrics: nowhere, log: silent, at: takenAt },
  );
  return documentOf(takenAt, reports);
}

/** How the command line names a target of this URL. */
const nameOf = (url: string) => new URL(url).host.replace(':', '-');

describe('the JSON document', () => {
  it('of a lone server that is well has every part', async () => {
    const [{ url } = { url: '' }] = alone.targets;
    const document = await looking(alone, ['connection-count']);
    const text = JSON.stringify(document, null, 2)
      .replaceAll(url, 'http://alone')
      .replaceAll(nameOf(url), 'alone');
    expect(text).toMatchInlineSnapshot(`
      "{
        "takenAt": "2026-11-20T09:59:26.864Z",
        "targets": [
          {
            "cluster": "local",
            "name": "alone",
            "url": "http://alone",
            "serverName": "alone",
            "reachable": true,
            "version": "2.15.1",
            "failure": null
          }
        ],
        "checks": [
          {
            "check": "connection-count",
            "scope": "server",
            "cluster": "local",
            "target": "alone",
            "outcome": "ok",
            "diagnoses": [
              {
                "id": "SERVER_103",
                "outcome": "ok",
                "seen": "0 connections"
              },
              {
                "id": "SERVER_011",
                "outcome": "ok",
                "seen": "0 of 65,536 connections (0 %)"
              },
              {
                "id": "CLUSTER_006",
                "outcome": "ok",
                "seen": "0 clients, no earlier run to compare with"
              }
            ],
            "observations": [
              {
                "series": "gnatsd_connz_num_connections",
                "labels": {
                  "cluster": "local",
                  "server_id": "alone"
                },
                "value": 0
              }
            ],
            "findings": []
          },
          {
            "check": "connection-count",
            "scope": "cluster",
            "cluster": "local",
            "target": null,
            "outcome": "ok",
            "diagnoses": [
              {
                "id": "CONN_115",
                "outcome": "ok",
                "seen": "0 clients a minute came in place of others, of 0"
              }
            ],
            "observations": [
              {
                "series": "nats_findings_open",
                "labels": {
                  "cluster": "local",
                  "group": "connections",
                  "severity": "warning"
                },
                "value": 0
              }
            ],
            "findings": []
          }
        ]
      }"
    `);
  });

  it('has findings with all that the two commands, mails and machines need', async () => {
    const document = await looking(trouble, ['connection-count']);
    const hub2 = document.checks.find(({ outcome }) => outcome === 'warning');
    expect(hub2?.diagnoses.find(({ id }) => id === 'SERVER_011')).toMatchObject({
      id: 'SERVER_011',
      outcome: 'warning',
    });
    const [finding] = hub2?.findings ?? [];
    expect(finding).toMatchObject({
      diagnosis: 'SERVER_011',
      severity: 'warning',
      entity: { kind: 'server', name: hub2?.target },
      observed: 0.85,
      limit: 0.8,
      unit: 'ratio',
      since: trouble.takenAt.toISOString(),
    });
    expect(finding && Object.keys(finding).sort()).toEqual([
      'alarm',
      'cluster',
      'commands',
      'diagnosis',
      'durationKnown',
      'entity',
      'evidence',
      'labels',
      'limit',
      'manual',
      'observed',
      'remedy',
      'severity',
      'since',
      'summary',
      'target',
      'title',
      'trend',
      'unit',
      'why',
    ]);
  });

  it('names a server that does not answer, and what all others hold', async () => {
    const document = await looking(trouble, ['server-up']);
    expect(document.targets.map(({ reachable, version }) => [reachable, version])).toEqual([
      [true, '2.15.1'],
      [true, '2.15.1'],
      [true, '2.15.1'],
      [false, null],
    ]);
    // Of the cluster: what the silent one has routes to is not known.
    expect(document.checks.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok', 'critical', 'unknown']);
  });

  it('names two targets of one URL both', () => {
    const of = (name: string) => ({
      name,
      url: 'http://n1:8222',
      serverName: name,
      reachable: true,
      version: '2.15.1',
      failure: null,
    });
    const report = { cluster: 'c1', takenAt: '', targets: [of('a'), of('b')], entries: [], notices: [] };
    const other = { ...report, cluster: 'c2' };
    const { targets } = documentOf(0, [report, report, other]);
    expect(targets.map(({ cluster, name }) => `${cluster}/${name}`)).toEqual([
      'c1/a',
      'c1/b',
      'c2/a',
      'c2/b',
    ]);
  });
});

const varzOf = (scene: Replay) =>
  JSON.parse(
    readFileSync(path.join(recorded('alone'), scene.targets[0]?.name ?? '', 'varz.json'), 'utf8'),
  ) as {
    connections: number;
  };

describe('exit codes', () => {
  const codeOf = ({ checks }: RunDocument) => exitCode(worst(checks.map(({ outcome }) => outcome)));

  it('are the worst of all checks, servers and clusters', async () => {
    expect(codeOf(await looking(alone, ['connection-count', 'server-up']))).toBe(0);
    expect(codeOf(await looking(trouble, ['connection-count']))).toBe(3);
    expect(codeOf(await looking(trouble, ['connection-count', 'server-up']))).toBe(2);
    const [hub1, hub2] = trouble.targets;
    const living = { ...trouble, targets: [hub1, hub2].filter((each) => each !== undefined) };
    expect(codeOf(await looking(living, ['connection-count']))).toBe(1);
  });
});

describe('a memory file', () => {
  it('lets a second process compare with what the first one saw', async () => {
    const file = path.join(folder, 'memory.json');
    const seen = async (at: number) => {
      const document = await looking(alone, ['connection-count'], fileMemory(file), at);
      return document.checks[0]?.diagnoses.find(({ id }) => id === 'CLUSTER_006')?.seen;
    };
    const first = alone.takenAt.getTime();
    expect([await seen(first), await seen(first + 60_000)]).toEqual([
      `${varzOf(alone).connections} clients, no earlier run to compare with`,
      '+0 clients since the last run',
    ]);
  });
});

describe('a check whose moment was given to another run', () => {
  it('is unknown, with the reason in its row, and the others are looked at', async () => {
    const memory = processMemory();
    const at = alone.takenAt.getTime();
    await memory.claim({ check: 'connection-count', cluster: 'local' }, at);
    const document = await looking(alone, ['connection-count', 'server-up'], memory, at);
    const rows = document.checks.map(({ check, target, outcome, diagnoses }) => [
      check,
      target,
      outcome,
      [...new Set(diagnoses.map(({ seen }) => seen))],
    ]);
    const seen =
      'not run: another run with this memory was at this moment or later; let one end before the next begins';
    expect(rows[0]).toEqual(['connection-count', null, 'unknown', [seen]]);
    expect(rows.slice(1).map(([check, , outcome]) => [check, outcome])).toContainEqual(['server-up', 'ok']);
    expect(exitCode(worst(document.checks.map(({ outcome }) => outcome)))).toBe(3);
  });
});

describe('checks of one look', () => {
  it('share a reading that several ask for', async () => {
    const world = fakeWorld({ n1: {}, n2: {} });
    const shared = sharedSource(world.ports().source);
    const request = { path: '/varz', statuses: [200] };
    const readings = await Promise.all([
      shared.read(target('n1'), request),
      shared.read(target('n1'), request),
      shared.read(target('n2'), request),
      shared.read(target('n1'), { ...request, path: '/leafz' }),
    ]);
    expect(world.reads).toEqual(['n1 /varz', 'n2 /varz', 'n1 /leafz']);
    expect(readings[0]).toBe(readings[1]);
  });
});
