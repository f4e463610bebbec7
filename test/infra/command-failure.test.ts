import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { smallest, written } from './settings-file.ts';

it.each([
  ['doctor', []],
  ['mute', ['prod', '2h', '--why', 'a move']],
  ['notify', ['--send']],
] as const)('npm run %s without a Region says what to set, and nothing of its options', (command, argv) => {
  const nowhere = { AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined, AWS_PROFILE: undefined };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`infra/${command}/main.ts`, ...argv, '--settings', written(smallest)],
    { encoding: 'utf8', env: { ...process.env, ...nowhere, HOME: '/nowhere' } },
  );
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: 'no AWS Region (Region is missing): set AWS_REGION, or AWS_PROFILE to a profile that has one\n',
  });
});
