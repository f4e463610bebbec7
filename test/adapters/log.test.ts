import { describe, expect, it } from 'vitest';
import { jsonLog, objectLog } from '../../lambdas/adapters/log.ts';

function written(make: typeof jsonLog, facts: Readonly<Record<string, unknown>>): readonly unknown[] {
  const lines: unknown[] = [];
  const keep = (kind: string) => (line: unknown) => void lines.push([kind, line]);
  const log = make({ info: keep('info'), warn: keep('warn') });
  log.info('server-up, cluster prod', facts);
  log.warn('late');
  return lines;
}
const circle: Record<string, unknown> = {};
circle['self'] = circle;

describe('a log', () => {
  const error = Object.assign(new Error('no route'), { code: 'EHOSTUNREACH', stack: 'Error: no route' });
  const facts = { ms: 12, reason: error };

  it('of a function that writes text has a line of JSON a call', () => {
    const reason = { name: 'Error', message: 'no route', code: 'EHOSTUNREACH', stack: 'Error: no route' };
    expect(written(jsonLog, facts)).toEqual([
      ['info', JSON.stringify({ level: 'info', message: 'server-up, cluster prod', ms: 12, reason })],
      ['warn', '{"level":"warn","message":"late"}'],
    ]);
  });

  it('of a function that writes JSON has an object a call, to which Lambda adds the level', () => {
    const reason = { name: 'Error', message: 'no route', code: 'EHOSTUNREACH', stack: 'Error: no route' };
    expect(written(objectLog, facts)).toEqual([
      ['info', { message: 'server-up, cluster prod', ms: 12, reason }],
      ['warn', { message: 'late' }],
    ]);
  });

  it('says that facts are lost which cannot be written', () => {
    const [[, line], [, object]] = [written(jsonLog, circle)[0], written(objectLog, circle)[0]] as [
      [string, string],
      [string, object],
    ];
    const lost = { factsLost: expect.stringContaining('circular') as string };
    expect([JSON.parse(line), object]).toEqual([
      { level: 'info', message: 'server-up, cluster prod', ...lost },
      { message: 'server-up, cluster prod', ...lost },
    ]);
  });
});
