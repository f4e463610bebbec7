import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import GithubSlugger from 'github-slugger';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { toString } from 'mdast-util-to-string';
import { visit } from 'unist-util-visit';
import { describe, expect, it } from 'vitest';
import { alarmSpecs, compositeSpecs } from '../infra/alarms/alarm-specs.ts';
import { loadSettings } from '../infra/settings.ts';
import { checks } from '../lambdas/checks/catalogue.ts';
import { manualOf } from '../lambdas/engine/findings/compose.ts';
import { temporaryFolder } from './services/temporary-folder.ts';

const project = path.resolve(import.meta.dirname, '..');
const skipped = ['node_modules', 'cdk.out', '.git'];

function markdownFiles(folder: string): readonly string[] {
  return readdirSync(path.join(project, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return skipped.includes(entry.name) ? [] : markdownFiles(file);
    return entry.name.endsWith('.md') ? [file] : [];
  });
}
const pages = markdownFiles('');
const textOf = (page: string) => readFileSync(path.join(project, page), 'utf8');

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const slugger = new GithubSlugger();
  const found = new Set<string>();
  visit(fromMarkdown(markdown), 'heading', (heading) => void found.add(slugger.slug(toString(heading))));
  return found;
}
const anchors = new Map(pages.map((page) => [page, anchorsOf(textOf(page))]));

/** The links and pictures of a page that stay in the project. */
function linksOf(markdown: string): readonly string[] {
  const urls: string[] = [];
  visit(fromMarkdown(markdown), (node) => {
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') urls.push(node.url);
  });
  return urls.filter((url) => !/^[a-z]+:/.test(url));
}

const exists = (file: string) => statSync(path.join(project, file), { throwIfNoEntry: false }) !== undefined;

/** Whether a link on that page leads somewhere. */
function leads(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const to = file === '' ? page : path.join(path.dirname(page), file);
  if (to.startsWith('..') || !exists(to)) return false;
  return anchor === undefined || anchors.get(to)?.has(anchor) === true;
}

/** Lines of tables, with those right before each. */
const tableLines = (markdown: string) =>
  markdown.split('\n').map((line, i, lines) => ({ line, above: lines.slice(Math.max(0, i - 2), i) }));

describe('tables', () => {
  it.each(pages)('of %s have one head each', (page) => {
    const heads = tableLines(textOf(page)).filter(({ line }) => /^\| ?:?-{3}/.test(line));
    expect(heads.filter(({ above: [first = ''] }) => first.startsWith('|'))).toEqual([]);
  });
});

describe('links', () => {
  it.each(pages)('of %s lead to a file, and to a heading that is there', (page) => {
    expect(linksOf(textOf(page)).filter((link) => !leads(page, link))).toEqual([]);
  });

  it('that lead nowhere would be noticed', () => {
    const markdown = '[a](LICENSE) [b](nowhere.ts) [c](#try-it) [d](#nowhere) ![e](no.svg) [f](../LICENSE)';
    expect(linksOf(markdown).filter((link) => !leads('README.md', link))).toEqual([
      'nowhere.ts',
      '#nowhere',
      'no.svg',
      '../LICENSE',
    ]);
  });

  it('of source comments and messages to a page of the project lead there', () => {
    const named = ['infra/settings.yaml', ...sources('infra'), ...sources('lambdas')].flatMap((file) =>
      [...textOf(file).matchAll(/(?<![\w./:-])(?:[\w.-]+\/)*[\w-]+\.md(?:#[\w-]+)?/g)].map(
        ([link]) => `${file}: ${link}`,
      ),
    );
    const dead = named.filter((each) => !leads('README.md', each.split(': ')[1] ?? ''));
    expect(dead).toEqual([]);
    expect(named.length).toBeGreaterThan(0);
  });
});

function sources(folder: string): readonly string[] {
  return readdirSync(path.join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|yaml)$/.test(file))
    .map((file) => path.join(folder, file));
}

const folder = temporaryFolder('links');

describe.each(['classic', 'promql'])('alarms of the engine %s', (engine) => {
  it('link to a heading of the manual that is there, where that has an address', () => {
    const file = path.join(folder, `${engine}.yaml`);
    writeFileSync(
      file,
      `${textOf('infra/settings.yaml')}\nalarms: { engine: ${engine}, readme: 'https://git.example/checks.md' }\n`,
    );
    const input = { checks, ...loadSettings(file, checks) };
    const links = [...alarmSpecs(input), ...compositeSpecs(input)].map(
      ({ description }) =>
        /^Read on: https:\/\/git\.example\/checks\.md(#.*)$/m.exec(description)?.[1] ?? 'none',
    );
    const headings = [...new Set(links)]
      .filter((link) => link !== 'none')
      .map((heading) => `lambdas/checks/README.md${heading}`);
    expect(headings.filter((heading) => !leads('README.md', heading))).toEqual([]);
    expect(headings).toEqual(
      expect.arrayContaining(checks.map(({ id }) => `lambdas/checks/README.md#${id}`)),
    );
  });
});

describe('findings', () => {
  const linksOf = (manual: string) =>
    checks.flatMap(({ group, diagnoses }) =>
      diagnoses.map((each) => manualOf(each, { facts: { manual }, group })),
    );

  it('link to a heading of the manual that is there, where that has an address', () => {
    const address = 'https://git.example/checks.md';
    const headings = linksOf(address).map((link) => link.replace(address, 'lambdas/checks/README.md'));
    expect(headings).toContain('lambdas/checks/README.md#server_101');
    expect(headings.filter((each) => !leads('README.md', each))).toEqual([]);
  });

  it.each(['lambdas/checks/README.md', 'http://wiki.internal/nats', '../checks.md'])(
    "link to NATS' own documentation where settings name no page that opens everywhere: %s",
    (manual) => {
      const links = [...new Set(linksOf(manual))];
      expect(links.filter((link) => !link.startsWith('https://docs.nats.io/'))).toEqual([]);
      expect(links.length).toBeGreaterThan(2);
    },
  );
});

/** The lines of shell blocks that are no comments. */
function commandsOf(markdown: string): readonly string[] {
  const lines: string[] = [];
  visit(fromMarkdown(markdown), 'code', ({ lang, value }) => {
    if (lang === 'sh') lines.push(...value.split('\n').filter((line) => !line.startsWith('#')));
  });
  return lines;
}

describe('commands on pages', () => {
  const scripts = (JSON.parse(textOf('package.json')) as { scripts: Record<string, string> }).scripts;
  const commands = pages.flatMap((page) => commandsOf(textOf(page)));

  it('name files and scripts that are there', () => {
    const missing = commands.filter((command) => {
      const words = command.split(' ');
      const files = words.filter((word) => /\.(ts|yaml)$/.test(word));
      const script = /npm run ([\w-]+)/.exec(command)?.[1];
      return !files.every(exists) || (script !== undefined && scripts[script] === undefined);
    });
    expect(missing).toEqual([]);
    expect(commands.length).toBeGreaterThan(5);
  });
});

describe('README.md', () => {
  it('is read in one sitting: at most 180 lines and 2,500 words', () => {
    const text = textOf('README.md');
    const size = { lines: text.trimEnd().split('\n').length, words: text.trim().split(/\s+/).length };
    expect(size).toEqual({ lines: Math.min(size.lines, 180), words: Math.min(size.words, 2_500) });
  });
});
