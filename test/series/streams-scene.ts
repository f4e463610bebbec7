import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { SeriesReplies } from '../../lambdas/series/replies.ts';

export const recordedVersions = ['2.9.10', '2.10.27', '2.15.1'] as const;
export type RecordedVersion = (typeof recordedVersions)[number];

export const recordedFolder = path.join(import.meta.dirname, '../recorded');

/** A recorded reply: `2.15.1/streams/east1/jsz`. */
export const recordedReply = (file: string): unknown =>
  JSON.parse(readFileSync(path.join(recordedFolder, `${file}.json`), 'utf8'));

/** All that a server of the scene with JetStream, accounts and gateways answered. */
export function repliesOf(version: RecordedVersion, server: string): SeriesReplies {
  const reply = (name: string) => recordedReply(`${version}/streams/${server}/${name}`);
  return {
    varz: reply('varz'),
    routez: reply('routez'),
    subsz: reply('subsz'),
    connz: reply('connz'),
    leafz: reply('leafz'),
    gatewayz: reply('gatewayz'),
    accstatz: reply('accstatz'),
    accountz: ['APP', 'SYS', '$G'].map((account) => reply(`accountz-${account}`)),
    jsz: reply('jsz'),
    healthz: reply('healthz'),
  };
}
