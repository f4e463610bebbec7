import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAccount } from '../../../lambdas/readings/decoders/account.ts';
import { decodeAccstatz } from '../../../lambdas/readings/decoders/accstatz.ts';
import { decodeAssets } from '../../../lambdas/readings/decoders/assets.ts';
import { decodeClients } from '../../../lambdas/readings/decoders/clients.ts';
import { decodeClientSubjects } from '../../../lambdas/readings/decoders/client-subjects.ts';
import { decodeClosed } from '../../../lambdas/readings/decoders/closed.ts';
import { decodeConnz } from '../../../lambdas/readings/decoders/connz.ts';
import type { Decoded } from '../../../lambdas/readings/decoders/decoded.ts';
import { decodeGatewayz } from '../../../lambdas/readings/decoders/gatewayz.ts';
import { decodeHealthz } from '../../../lambdas/readings/decoders/healthz.ts';
import { decodeLeafz } from '../../../lambdas/readings/decoders/leafz.ts';
import { decodeRaftz } from '../../../lambdas/readings/decoders/raftz.ts';
import { decodeRoutez } from '../../../lambdas/readings/decoders/routez.ts';
import { decodeSubsz } from '../../../lambdas/readings/decoders/subsz.ts';
import { decodeVarz } from '../../../lambdas/readings/decoders/varz.ts';

const folder = join(import.meta.dirname, '../../recorded');

const decoders: Readonly<Record<string, (json: unknown) => Decoded<unknown>>> = {
  varz: decodeVarz,
  leafz: decodeLeafz,
  'leafz-subs': decodeLeafz,
  connz: (json) => {
    const decoded = decodeClients(true)(json);
    return decoded.ok ? decodeConnz(json) : decoded;
  },
  'client-subjects': decodeClientSubjects,
  listeners: decodeSubsz,
  closed: decodeClosed,
  healthz: (json) => decodeHealthz(json, 200),
  jsz: decodeAssets,
  'jsz-streams': decodeAssets,
  'jsz-consumers': decodeAssets,
  'raftz-APP': decodeRaftz,
  accstatz: decodeAccstatz,
  'accountz-': decodeAccount,
  routez: decodeRoutez,
  gatewayz: decodeGatewayz,
};

/** Of these, series are made straight from the reply. */
const undecoded = /^(subsz|accountz)$/;

describe.each(['2.9.10', '2.10.27', '2.15.1'])('recorded replies of nats-server %s', (version) => {
  const replies = readdirSync(join(folder, version), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.json') && basename(file) !== 'scene.json')
    .map((file) => ({
      file,
      endpoint: basename(file, '.json').replace(/^accountz-.*/, 'accountz-'),
      text: readFileSync(join(folder, version, file), 'utf8'),
    }));

  const decodable = replies.filter(({ endpoint }) => !undecoded.test(endpoint));

  it('are there of every endpoint', () => {
    const isThere = (endpoint: string) => endpoint !== 'raftz-APP' || version !== '2.9.10';
    expect(new Set(decodable.map(({ endpoint }) => endpoint))).toEqual(
      new Set(Object.keys(decoders).filter(isThere)),
    );
  });

  it('all decode', () => {
    const problems = decodable.flatMap(({ file, endpoint, text }) => {
      const decoded = decoders[endpoint]?.(JSON.parse(text));
      return decoded?.ok === true ? [] : [`${file}: ${decoded?.problem ?? 'no decoder'}`];
    });
    expect(problems).toEqual([]);
  });

  it('hold no JWT', () => {
    expect(replies.filter(({ text }) => text.includes('eyJ')).map(({ file }) => file)).toEqual([]);
  });
});
