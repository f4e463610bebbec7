import { beforeAll, describe, expect, it } from 'vitest';
import { preview, usage, type Previewed } from '../../../infra/preview/command.ts';
import { serveRecorded, type Replay } from '../../replay.ts';

const log = { info: () => {}, warn: () => {} };
let recorded: Previewed;
beforeAll(async () => {
  const made = await preview([], log);
  if (made === null) throw new Error('no page');
  recorded = made;
});

const graphs = ({ html }: Previewed) =>
  html
    .split('<section class="graph')
    .slice(1)
    .map((part) => ({
      title: /<h2>(.*?)<\/h2>/.exec(part)?.[1] ?? '',
      lines: (part.match(/<polyline/g) ?? []).length,
      points: (part.match(/<circle/g) ?? []).length,
      isEmpty: part.includes('Nothing was published'),
    }));

describe('npm run dashboard', () => {
  it('draws each graph of the dashboard from what was recorded', () => {
    const all = graphs(recorded);
    expect(all.map(({ title }) => title)).toContain('Memory');
    // A series that is newer than the recording is said to have published nothing.
    expect(all.filter(({ lines, points, isEmpty }) => !isEmpty && (lines === 0 || points < 20))).toEqual([]);
    expect(all.filter(({ isEmpty }) => !isEmpty).length).toBeGreaterThan(14);
    expect(recorded).toMatchObject({
      file: 'dashboard.html',
      said: 'dashboard.html: 1 dashboard from 60 looks',
    });
  });

  it('tells of each alarm as CloudWatch would, and of what only a deployment has', () => {
    const states = new Set(
      [...recorded.html.matchAll(/<li class="(\w+)"><b>(.*?)<\/b>/g)].map(([, , word]) => word),
    );
    expect(['only deployed', 'ALARM', 'OK'].filter((state) => !states.has(state))).toEqual([]);
  });

  it('is a page that needs nothing else: no script, no address that a browser would ask', () => {
    expect(recorded.html).not.toMatch(/<script|<link rel="stylesheet|src=|url\(|@import/);
    const links = [...recorded.html.matchAll(/href="(.*?)"/g)].map(([, link]) => link);
    expect(links).toEqual(['data:,', 'https://docs.nats.io/running-a-nats-service/nats_admin/monitoring']);
  });

  it.each([
    [['--looks', '0'], '--looks 0: expected a number from 1 to 1000'],
    [['--every', '5'], '--every 5: expected a span of 1s or more, such as 5s or 1m'],
    [['--every', '0s'], '--every 0s: expected a span of 1s or more, such as 5s or 1m'],
    [['--json'], 'dashboard has no --json'],
    [['--out', ''], '--out: expected the path of a file'],
    [
      ['--settings', 'a.yaml', 'http://n1:8222'],
      '--settings and URLs: settings name the targets themselves, give one of the two',
    ],
  ])('says what is wrong with %j', async (argv, message) => {
    await expect(preview(argv, log)).rejects.toThrow(message);
  });

  it('--help tells how', async () => {
    expect(await preview(['--help'], log)).toBeNull();
    expect(usage).toContain('npm run dashboard -- [options] [monitoring URL...]');
  });
});

describe('npm run dashboard URL', () => {
  it('looks at the servers so often, and tells of each look', async () => {
    const replay: Replay = await serveRecorded('test/recorded/2.15.1/streams');
    try {
      const east = replay.targets.filter(({ name }) => name.startsWith('east')).map(({ url }) => url);
      const looked: string[] = [];
      const made = await preview(
        ['--looks', '2', '--every', '1s', '--out', 'a.html', ...east],
        log,
        (look, of) => looked.push(`${look} of ${of}`),
      );
      if (made === null) throw new Error('no page');
      expect([made.said, looked]).toEqual(['a.html: 1 dashboard from 2 looks', ['1 of 2', '2 of 2']]);
      const [first] = graphs(made);
      expect(first).toEqual({
        title: 'Servers that are up, alarm below 1',
        ...{ lines: 1, points: 2, isEmpty: false },
      });
      expect(made.html).toContain('NATS cluster local');
    } finally {
      await replay.stop();
    }
  });

  it('draws nothing where no server answers, and names those that do not beside others that do', async () => {
    const nobody = 'http://127.0.0.1:9';
    const replay: Replay = await serveRecorded('test/recorded/2.15.1/streams');
    const warnings: string[] = [];
    const telling = { ...log, warn: (message: string) => warnings.push(message) };
    try {
      const east = replay.targets.find(({ name }) => name.startsWith('east'))?.url ?? '';
      await preview(['--looks', '1', east, nobody], telling);
      expect(warnings).toEqual(['no answer from 127.0.0.1-9: not drawn']);
      await expect(preview(['--looks', '9', nobody], telling)).rejects.toThrow(
        'no server answered: 127.0.0.1-9; npm start with the same says why',
      );
    } finally {
      await replay.stop();
    }
  });
});
