import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadSettings } from '../../infra/settings.ts';
import { temporaryFolder } from '../services/temporary-folder.ts';
import { checks } from './catalogue.ts';

export const folder = temporaryFolder('settings');
export function written(text: string): string {
  const file = path.join(folder, 'settings.yaml');
  writeFileSync(file, text);
  return file;
}
export const smallest =
  'clusters: [{ name: prod, targets: [{ name: hub1, url: "http://10.0.1.10:8222" }] }]\n';

/** The message without the folder that only this run knows. */
export function refusal(text: string): string {
  try {
    loadSettings(written(text), checks);
  } catch (error) {
    return (error as Error).message.replaceAll(`${folder}/`, '').replaceAll(folder, 'FOLDER');
  }
  return 'accepted';
}
