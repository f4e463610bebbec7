import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { onPath, run } from './command.ts';
import { cacheFolder } from './debian.ts';
import { withLock } from './lock.ts';

export type Chromium = {
  readonly executablePath: string;
  /** What it runs with beside this process' environment. */
  readonly env: Readonly<Record<string, string>>;
};

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'] as const;

/** A package that has a Chromium in it, with its libraries and a font, for Linux on x64. */
const packed = {
  name: '@sparticuz/chromium',
  version: '153.0.0',
  sha512: 'jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA==',
} as const;

/**
 * Finds a Chromium: the file that `CHROMIUM_PATH` names, else one on PATH, else that of an npm package, brought into the
 * cache. Throws an error that says what is lacking.
 */
export async function chromium(env: NodeJS.ProcessEnv = process.env): Promise<Chromium> {
  const named = env['CHROMIUM_PATH'];
  if (named) return { executablePath: named, env: {} };
  for (const name of names) {
    const executablePath = await onPath(name, env);
    if (executablePath !== undefined) return { executablePath, env: {} };
  }
  if (process.platform === 'linux' && process.arch === 'x64') return packedChromium(env);
  throw new Error(`no Chromium on PATH (${names.join(', ')}), and CHROMIUM_PATH names none`);
}

async function packedChromium(env: NodeJS.ProcessEnv): Promise<Chromium> {
  const folder = path.join(cacheFolder(env), `chromium-${packed.version}`);
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  await withLock(`${await realpath(parent)}/chromium`, async () => {
    if (existsSync(folder)) return;
    const work = await mkdtemp(path.join(parent, '.chromium-'));
    try {
      await unpack(work, folder, env);
      await rename(path.join(work, 'root'), folder);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(
        `no Chromium on PATH (${names.join(', ')}), CHROMIUM_PATH names none, and ${packed.name} cannot be had: ${reason}`,
        { cause },
      );
    } finally {
      await rm(work, { recursive: true, force: true });
    }
  });
  return {
    executablePath: path.join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: path.join(folder, 'lib'), FONTCONFIG_PATH: folder },
  };
}

/** @param folder where it will lie */
async function unpack(work: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  const root = path.join(work, 'root');
  await mkdir(root);
  const spec = `${packed.name}@${packed.version}`;
  const [{ filename } = { filename: '' }] = JSON.parse(
    await run('npm', ['pack', spec, '--json', '--pack-destination', work], { cwd: work, env }),
  ) as { filename: string }[];
  const archive = path.join(work, path.basename(filename.replace('@sparticuz/', 'sparticuz-')));
  const sha512 = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  if (sha512 !== packed.sha512) throw new Error(`${spec} is not what it was: its SHA-512 is ${sha512}`);
  await run('tar', ['-xzf', archive, '-C', work], { env });
  const part = async (name: string): Promise<Buffer> =>
    promisify(brotliDecompress)(await readFile(path.join(work, 'package/bin', `${name}.br`)));
  for (const name of ['al2023.tar', 'fonts.tar']) {
    await writeFile(path.join(work, name), await part(name));
    await run('tar', ['-xf', path.join(work, name), '-C', root], { env });
  }
  await writeFile(path.join(root, 'fonts.conf'), fontsIn(folder));
  await writeFile(path.join(root, 'chromium'), await part('chromium'));
  await chmod(path.join(root, 'chromium'), 0o755);
}

/** The package's own looks for fonts where Lambda has them. */
const fontsIn = (folder: string): string =>
  [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
    ...['/usr/share/fonts', path.join(folder, 'fonts')].map((fonts) => `<dir>${fonts}</dir>`),
    `<cachedir>${path.join(folder, 'fonts-cache')}</cachedir></fontconfig>`,
  ].join('');
