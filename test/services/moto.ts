import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { startChild } from './child.ts';
import { onPath } from './command.ts';
import { debianPackage } from './debian.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { Hopeless, waitFor } from './wait.ts';

export type Moto = {
  /** `http://localhost:PORT`: `cdk deploy` takes no other host. */
  readonly endpoint: string;
  /** What a process needs to take moto for AWS: endpoint, region and dummy keys. */
  readonly env: Readonly<Record<string, string>>;
  readonly account: string;
  readonly region: string;
  /** Forgets all resources. */
  reset(): Promise<void>;
  log(): Promise<string>;
  readonly stop: () => Promise<void>;
};

/** How to start moto's server on this machine, less its arguments. */
export type MotoCommand = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** What moto's server imports beyond the dependencies that Debian's package declares. */
const serverModules = [
  'aws-xray-sdk',
  'docker',
  'flask-cors',
  'graphql-core',
  'joserfc',
  'jsondiff',
  'jsonpath-ng',
  'openapi-spec-validator',
  'pyparsing',
  'yaml',
].map((name) => `python3-${name}`);

/**
 * Finds moto's server: `moto_server` on PATH, else Debian sid's with its own Python.
 * Throws an error that says what is lacking and how to help.
 */
export async function motoCommand(env: NodeJS.ProcessEnv = process.env): Promise<MotoCommand> {
  const found = await onPath('moto_server', env);
  if (found !== undefined) return { command: found, args: [], env: {} };
  try {
    const root = await debianPackage({
      suite: 'sid',
      package: 'python3-moto',
      alongside: serverModules,
      withDependencies: true,
      env,
    });
    return await broughtMoto(root);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no moto_server on PATH (pip install "moto[server]"); ${reason}`, { cause });
  }
}

/** Debian's Python is started by the loader it came with, for this machine's libc may be older. */
async function broughtMoto(root: string): Promise<MotoCommand> {
  const libraries = path.join(root, 'usr/lib');
  for (const folder of await readdir(libraries)) {
    const here = path.join(libraries, folder);
    const loader = folder.includes('-linux-')
      ? (await readdir(here)).find((name) => /^ld-linux.*\.so\.\d+$/.test(name))
      : undefined;
    if (loader === undefined) continue;
    return {
      command: path.join(here, loader),
      args: ['--library-path', here, path.join(root, 'usr/bin/python3'), '-m', 'moto.server'],
      env: {
        PYTHONHOME: path.join(root, 'usr'),
        PYTHONNOUSERSITE: '1',
        // Its modules come uncompiled, which would take ten seconds at each start.
        PYTHONDONTWRITEBYTECODE: '',
        PYTHONPYCACHEPREFIX: path.resolve('node_modules/.cache/python'),
      },
    };
  }
  throw new Error(`${libraries} has no ld-linux to start Python with`);
}

const region = 'eu-central-1';
const account = '123456789012';

/** Starts moto on a port the system chooses, and waits until it answers. Stop it in `afterAll`. */
export async function startMoto(env: NodeJS.ProcessEnv = process.env): Promise<Moto> {
  const moto = await motoCommand(env);
  const logFile = path.join(temporaryFolder('moto'), 'moto.log');
  const log = (): Promise<string> => readFile(logFile, 'utf8');
  const child = await startChild({
    command: moto.command,
    args: [...moto.args, '--host', '127.0.0.1', '--port', '0'],
    env: { ...env, ...moto.env, PYTHONUNBUFFERED: '1', NO_COLOR: '1' },
    logFile,
  });
  const motoPort = await waitFor('moto_server to listen', async () => {
    const said = await log();
    if (!child.isRunning()) throw new Hopeless(`${moto.command} ended: ${said.trim().slice(-1000)}`);
    const port = /Running on http:\/\/[^\s:]+:(\d+)/.exec(said)?.[1];
    return port === undefined ? undefined : Number(port);
  });
  const front = new Worker(new URL('./moto-front.ts', import.meta.url), {
    workerData: { motoPort },
    execArgv: [],
  });
  const [port] = (await once(front, 'message')) as [number];
  front.unref();
  const endpoint = `http://localhost:${port}`;

  const reset = async (): Promise<void> => {
    const reply = await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' });
    if (!reply.ok) throw new Error(`moto's reset answered ${reply.status}`);
  };
  await reset();
  return {
    endpoint,
    account,
    region,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
    },
    reset,
    log,
    async stop() {
      await front.terminate();
      await child.stop();
    },
  };
}
