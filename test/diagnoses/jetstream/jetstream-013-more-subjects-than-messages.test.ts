import { describe, expect, it } from 'vitest';
import diagnosis from '../../../lambdas/diagnoses/jetstream/jetstream-013-more-subjects-than-messages.ts';
import { assets, holding as replicated, ledBy, member, stream } from '../../jetstream-kit.ts';
import { watching } from '../../kit.ts';

const holding = (subjects: number, messages: number) => replicated({ state: { subjects, messages } });

describe('JETSTREAM_013, more subjects than messages', () => {
  it.each([
    [10, 10, 'ok'],
    [11, 10, 'warning'],
    [11, 0, 'ok'],
  ])('%d subjects of %d messages are %s, in the second look', (subjects, messages, outcome) => {
    const watch = watching(diagnosis, { remembers: true });
    expect(watch.look(holding(subjects, messages)).findings).toEqual([]);
    expect(watch.look(holding(subjects, messages)).outcomes).toEqual({ cluster: outcome });
  });

  it('in one look is a purge that goes on', () => {
    const watch = watching(diagnosis, { remembers: true });
    watch.look(holding(11, 10));
    expect(watch.look(holding(0, 0)).outcomes).toEqual({ cluster: 'ok' });
    expect(watch.look(holding(11, 10)).findings).toEqual([]);
  });

  it('are told with what each replica counts', () => {
    const servers = ['n1', 'n2'].map((name) =>
      member(name, {
        streams: assets(
          stream({ group: ledBy('n1', name), state: { messages: 10, subjects: name === 'n1' ? 12 : 3 } }),
        ),
      }),
    );
    expect(watching(diagnosis).look(servers).findings[0]).toMatchObject({
      summary: 'Stream ORDERS (APP) counts 12 subjects in 10 messages, which cannot be: its store miscounts.',
      evidence: [
        'n1 (2.15.1): 12 subjects, 10 messages',
        'n2 (2.15.1): 3 subjects, 10 messages',
        'led by n1, replicas on n2, n3',
      ],
    });
  });
});
