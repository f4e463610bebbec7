import { execFile, execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import { appOf, fleet, unvalidated } from './synth.ts';

/** Python's; who has it sees what it says, and nobody needs it. */
const isThere = (() => {
  try {
    return execFileSync('cfn-lint', ['--version'], { encoding: 'utf8', stdio: 'pipe' }).includes('cfn-lint');
  } catch {
    return false;
  }
})();

/** What it says of templates that are right. */
const mistaken = [
  // CDK has a function wait for its role twice.
  /:W3005:'\w+Role\w+' dependency already enforced by a 'GetAtt'/,
  // Of the properties of an alarm that CloudFormation has had since, as of the schemas of 1.51.0.
  /:E3002:Additional properties are not allowed \('WarmUpConfiguration' was unexpected\)$/,
];

const lint = (folder: string): Promise<readonly string[]> =>
  new Promise((resolve) => {
    const templates = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
    const files = templates.map((name) => path.join(folder, name));
    execFile('cfn-lint', ['--format', 'parseable', ...files], (_, stdout, stderr) =>
      resolve(
        `${stdout}${stderr}`
          .replaceAll(`${folder}/`, '')
          .split('\n')
          .filter((line) => line !== '' && !mistaken.some((pattern) => pattern.test(line))),
      ),
    );
  });

const vpc = { vpcId: 'vpc-0123456789abcdef0', subnetIds: ['subnet-0aaaaaaaaaaaaaaa1'] };

it.skipIf(!isThere).each([
  ['the example', 'infra/settings.yaml'],
  [
    'all that settings can ask for',
    fleet(2, {
      network: { ...vpc, create: true, routeTableIds: ['rtb-0123456789abcdef0'] },
      subscriptions: [{ topic: 'findings', protocol: 'slack', endpoint: 'T0AB12CD3/C0AB12CD3' }],
      tags: { team: 'platform' },
      roles: { path: '/nats/', permissionsBoundary: 'arn:aws:iam::123456789012:policy/boundary' },
      logFormat: 'json',
      functions: { architecture: 'x86_64' },
    }),
  ],
])('cfn-lint, where it is installed, finds nothing wrong with the templates of %s', async (_, file) => {
  const { app } = appOf(file, checks, unvalidated, null);
  expect(await lint(app.synth().directory)).toEqual([]);
});
