import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TargetReadings } from '../lambdas/engine/judgement/views.ts';
import { decodeAssets } from '../lambdas/readings/decoders/assets.ts';
import type { Decoded } from '../lambdas/readings/decoders/decoded.ts';
import { decodeHealthz } from '../lambdas/readings/decoders/healthz.ts';
import { decodeJsz } from '../lambdas/readings/decoders/jsz.ts';
import { decodeRaftz } from '../lambdas/readings/decoders/raftz.ts';
import { decodeVarz } from '../lambdas/readings/decoders/varz.ts';
import { failing, server } from './kit.ts';
import type { RecordedScene } from './replay.ts';
import type { NatsVersion } from './services/nats-binary.ts';

const folder = path.join(import.meta.dirname, 'recorded');

/** Three servers with JetStream at one moment of a recorded scene. */
export type RecordedMoment = {
  /** Epoch ms. */
  readonly takenAt: number;
  /** Up for an hour; those that were gone do not answer. */
  readonly servers: readonly TargetReadings[];
};

/** The recorded scenes of a cluster with JetStream, by name: `lost-quorum`. */
export const jetStreamScenes = (version: NatsVersion): readonly string[] =>
  readdirSync(path.join(folder, version))
    .filter((scene) => scene.startsWith('jetstream-'))
    .map((scene) => scene.slice('jetstream-'.length))
    .toSorted();

/** The moments of a scene that were recorded, in their order. */
export const stepsOf = (version: NatsVersion, scene: string): readonly number[] =>
  readdirSync(path.join(folder, version, `jetstream-${scene}`))
    .map(Number)
    .toSorted((a, b) => a - b);

export function recordedMoment(version: NatsVersion, scene: string, step: number): RecordedMoment {
  const moment = path.join(folder, version, `jetstream-${scene}`, String(step));
  const { takenAt, targets } = read(moment, 'scene', (json) => ({ ok: true, value: json as RecordedScene }));
  return {
    takenAt: Date.parse(takenAt),
    servers: targets.map(({ name, healthz }) => {
      const own = path.join(moment, name);
      if (healthz === undefined) {
        const silent = failing('unreachable');
        return server(name, {
          ...{ varz: silent, healthz: silent, jsz: silent, streams: silent, consumers: silent },
        });
      }
      return server(name, {
        varz: { ...read(own, 'varz', decodeVarz), uptime: 3_600 },
        healthz: read(own, 'healthz', (json) => decodeHealthz(json, healthz.status)),
        jsz: read(own, 'jsz', decodeJsz),
        streams: read(own, 'jsz-streams', decodeAssets),
        consumers: read(own, 'jsz-consumers', decodeAssets),
        ...(existsSync(path.join(own, 'raftz-APP.json'))
          ? { raftz: read(own, 'raftz-APP', decodeRaftz) }
          : {}),
      });
    }),
  };
}

function read<T>(own: string, file: string, decode: (json: unknown) => Decoded<T>): T {
  const decoded = decode(JSON.parse(readFileSync(path.join(own, `${file}.json`), 'utf8')));
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.value;
}
