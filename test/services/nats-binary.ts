import path from 'node:path';
import { onPath, run } from './command.ts';
import { debianPackage } from './debian.ts';

/**
 * The servers that tests, recordings and the demo use, oldest to newest, and the Debian suite that has each.
 * A suite may move on: `sid` does, and then the newest is what it has by then.
 */
const suites = { '2.9.10': 'bookworm', '2.10.27': 'trixie', '2.15.1': 'sid' } as const;

export type NatsVersion = keyof typeof suites;
export const natsVersions: readonly NatsVersion[] = ['2.9.10', '2.10.27', '2.15.1'];
export const newestNatsVersion: NatsVersion = '2.15.1';

export type NatsBinary = {
  readonly path: string;
  /** What the binary itself prints, which may be newer than what was asked for. */
  readonly version: string;
};

/**
 * Finds a nats-server: the file that `NATS_SERVER_2_15_1` (and so on) names, else the one on PATH if it is exactly that
 * version, else Debian's. Throws an error that says what is lacking and how to help.
 */
export async function natsServer(
  version: NatsVersion,
  env: NodeJS.ProcessEnv = process.env,
): Promise<NatsBinary> {
  const variable = `NATS_SERVER_${version.replaceAll('.', '_')}`;
  const named = env[variable];
  if (named) return { path: named, version: await printedVersion(named) };

  const found = await onPath('nats-server', env);
  if (found !== undefined && (await printedVersion(found).catch(() => '')) === version) {
    return { path: found, version };
  }
  try {
    const root = await debianPackage({ suite: suites[version], package: 'nats-server', env });
    const brought = path.join(root, 'usr/sbin/nats-server');
    return { path: brought, version: await printedVersion(brought) };
  } catch (cause) {
    const seen = found === undefined ? 'none is on PATH' : `${found} is another version`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`no nats-server ${version}: ${seen}; ${reason}; set ${variable} to its file`, { cause });
  }
}

/** `nats-server: v2.15.1` */
async function printedVersion(file: string): Promise<string> {
  const printed = await run(file, ['--version']);
  const version = /v?(\d+\.\d+\.\d+\S*)/.exec(printed)?.[1];
  if (version === undefined) throw new Error(`${file} --version printed ${JSON.stringify(printed)}`);
  return version;
}
