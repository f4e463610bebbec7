import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/server/server-112-two-targets.ts';
import { server, varz, watching } from '../../kit.ts';

const named = (name: string, id: string, serverName: string | undefined = 'nats-0') =>
  server(name, { varz: varz({ server_id: id, server_name: serverName }) });
const first = named('n1', 'A');
/** A target behind another at which the same server answered. */
const twin = (read = named('n2', 'A')) => ({
  ...read,
  answering: { slot: 'n1', servers: [], twin: first.target },
});

describe('SERVER_112, one server watched as two targets', () => {
  it('is a warning at the second of them, with both names and URLs', () => {
    const { outcomes, findings } = watching(diagnosis).look([first, twin()]);
    expect(outcomes).toEqual({ n1: 'ok', n2: 'warning' });
    expect(findings).toMatchObject([
      {
        entity: { kind: 'server', name: 'n2' },
        observed: 1,
        limit: 1,
        summary:
          'n2 (http://n2:8222) and n1 (http://n1:8222) are one server, nats-0 (A): it is counted once.',
        evidence: [],
      },
    ]);
  });

  it('shows the id once where it is the name', () => {
    const { findings } = watching(diagnosis).look([first, twin(named('n2', 'A', 'A'))]);
    expect(findings[0]?.summary).toMatch(/are one server, A: it is counted once\.$/);
  });

  it('is ok where each target is a server of its own, whatever their names', () => {
    const { outcomes, seen } = watching(diagnosis).look([first, named('n2', 'B')]);
    expect([outcomes, seen['n2']]).toEqual([{ n1: 'ok', n2: 'ok' }, 'a server of its own']);
  });

  it('ends when one of them is another server again', () => {
    const watch = watching(diagnosis, { remembers: true });
    const kinds = [[first, twin()], ...Array.from({ length: 8 }, () => [first, named('n2', 'B')])].flatMap(
      (servers) => watch.look(servers).notices.map(({ kind }) => kind),
    );
    expect(kinds).toEqual(['opened', 'resolved']);
  });
});
