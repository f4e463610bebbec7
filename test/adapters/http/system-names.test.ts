import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { systemNames } from '../../../lambdas/adapters/http/system-names.ts';
import { temporaryFolder } from '../../services/temporary-folder.ts';

const said = (files: Readonly<Record<string, string>>) => {
  const folder = temporaryFolder('etc');
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  const { hosts, search } = systemNames(folder);
  return { hosts: Object.fromEntries(hosts), search };
};

it('the hosts file has addresses of names, each name whatever its letters', () => {
  const hosts = [
    '# comment',
    '127.0.0.1\tlocalhost',
    '::1 localhost ip6-localhost',
    '10.0.0.7 Hub-1.Internal hub-1 # the first',
    'nonsense hub-2',
    '',
  ].join('\n');
  const seven = [{ address: '10.0.0.7', family: 4 }];
  const one = { address: '::1', family: 6 };
  expect(said({ hosts })).toEqual({
    hosts: {
      localhost: [{ address: '127.0.0.1', family: 4 }, one],
      'ip6-localhost': [one],
      'hub-1.internal': seven,
      'hub-1': seven,
    },
    search: [],
  });
});

it.each([
  [
    'search ns.svc.cluster.local svc.cluster.local\nnameserver 10.0.0.2\n',
    ['ns.svc.cluster.local', 'svc.cluster.local'],
  ],
  ['domain one.example\nsearch two.example ; the last counts\n', ['two.example']],
  ['search .\n', []],
  ['nameserver 10.0.0.2\n', []],
])('the search domains are those of the last line that has any: %j', (text, search) => {
  expect(said({ 'resolv.conf': text })).toEqual({ hosts: {}, search });
});

it('files that are not there say nothing', () => {
  expect(said({})).toEqual({ hosts: {}, search: [] });
});
