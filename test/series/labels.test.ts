import { describe, expect, it } from 'vitest';
import { labeller, type TargetLabels } from '../../lambdas/series/labels.ts';

const sampleLabels = (of: TargetLabels, own: Readonly<Record<string, string>>) => labeller(of)(own);
const target = { server_id: 'n1', job: 'nats', cluster: 'prod' };

describe("a sample's labels", () => {
  it("are the target's and its own", () => {
    expect(sampleLabels(target, { stream_name: 'ORDERS' })).toEqual({ ...target, stream_name: 'ORDERS' });
  });

  it('hold no empty ones', () => {
    expect(sampleLabels({ server_id: 'n1', job: '' }, { stream_leader: '' })).toEqual({ server_id: 'n1' });
  });

  it("give way to the target's, as Prometheus renames them", () => {
    expect(sampleLabels(target, { cluster: 'east' })).toEqual({ ...target, exported_cluster: 'east' });
  });

  it('are not renamed where they say nothing, or the target does not', () => {
    expect([
      sampleLabels(target, { cluster: '' }),
      sampleLabels({ server_id: 'n1', cluster: '' }, { cluster: 'east' }),
    ]).toEqual([target, { server_id: 'n1', cluster: 'east' }]);
  });

  it('are renamed again where that name is taken', () => {
    const crowded = { ...target, exported_cluster: 'dev' };
    expect(sampleLabels(crowded, { cluster: 'east' })).toEqual({
      ...crowded,
      exported_exported_cluster: 'east',
    });
  });
});
