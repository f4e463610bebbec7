// node consumer-peak.ts run|parse FOLDER: by how many bytes the process rises above what its code takes.
import { readFileSync, writeFileSync } from 'node:fs';
import { consumerReplies } from './consumer-replies.ts';
import { consumerScene, fileOf, parseOnly, type TextOf } from './jetstream-consumers.ts';

const [, , kind, folder = ''] = process.argv;
const { start, look } = consumerScene();
const inFiles: TextOf = (server, path) => readFileSync(fileOf(folder, server, path), 'latin1');
const small = consumerReplies(200, start, 1);
const few: TextOf = (server, path) => small[server]?.[path] ?? '{}';

const kilobytes = (field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);

// Code is loaded and compiled before.
await look(few, start, null);
await parseOnly(few);
globalThis.gc?.();
// Makes what is held now the peak.
writeFileSync('/proc/self/clear_refs', '5');
const before = kilobytes('VmRSS');
await (kind === 'run' ? look(inFiles, start, null) : parseOnly(inFiles));
process.stdout.write(String((kilobytes('VmHWM') - before) * 1_024));
