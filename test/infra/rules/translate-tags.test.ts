import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tagsOf } from '../../../infra/rules/translate/alarms/tags.ts';
import { roomBeside } from '../../../infra/settings/tags.ts';

const plain = (text: string) => text.replaceAll(/\{\{.*?\}\}/g, 'the server');
const tagged = (labels: Readonly<Record<string, string>>, room = 45) => tagsOf(labels, room, plain);
const reported = (labels: Readonly<Record<string, string>>, room = 45) =>
  tagged(labels, room).warnings.map(({ message }) => message);

describe("a rule's labels are tags of its alarms", () => {
  it('but for severity, which chooses the topic, and empty ones, which Prometheus does not have', () => {
    expect(tagged({ severity: 'page', team: 'messaging', empty: '', größe: 'übel' })).toEqual({
      tags: { team: 'messaging', größe: 'übel' },
      warnings: [],
    });
  });

  it.each<[what: string, labels: Record<string, string>, tags: Record<string, string>, message: string]>([
    [
      'of a name that the deployment itself sets',
      { cluster: 'x', rule: 'y' },
      { rule_cluster: 'x', rule_rule: 'y' },
      'the label cluster becomes the tag rule_cluster; the label rule becomes the tag rule_rule',
    ],
    [
      'that AWS reserves',
      { 'aws:team': 'aws:x' },
      { 'rule_aws:team': '_aws:x' },
      'the label aws:team becomes the tag rule_aws:team; rule_aws:team="aws:x" becomes "_aws:x"',
    ],
    [
      'with signs that a tag does not take',
      { contact: 'a*b <team>' },
      { contact: 'a_b _team_' },
      'contact="a*b <team>" becomes "a_b _team_"',
    ],
    ['that are blank', { blank: ' ' }, { blank: '_' }, 'blank=" " becomes "_"'],
    [
      'with a template',
      { where: 'on {{ $labels.server_id }}' },
      { where: 'on the server' },
      'where="on {{ $labels.server_id }}" becomes "on the server"',
    ],
    [
      'of the same name once they are cleaned',
      { 'a*b': '1', 'a?b': '2' },
      { a_b: '1', 'a_b-c2a7b6': '2' },
      'the label a*b becomes the tag a_b; the label a?b becomes the tag a_b-c2a7b6',
    ],
  ])('%s: changed, and told', (_, labels, tags, message) => {
    expect(tagged(labels)).toEqual({ tags, warnings: [{ code: 'tags', message }] });
  });

  it('of 256 characters, and no more', () => {
    expect(reported({ fits: 'x'.repeat(256) })).toEqual([]);
    expect(tagged({ long: 'x'.repeat(257) }).tags).toEqual({ long: 'x'.repeat(256) });
    expect(reported({ long: 'x'.repeat(257) })).toHaveLength(1);
  });

  it('as many as there is room for beside those of cluster and server', () => {
    const labels = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`l${i}`, 'x']));
    expect(roomBeside(39)).toBe(6);
    expect(reported(labels, 6)).toEqual([]);
    expect(reported(labels, 5)).toEqual(['an alarm has at most 50 tags: l5 are left out']);
    expect(Object.keys(tagged(labels, 5).tags)).toEqual(['l0', 'l1', 'l2', 'l3', 'l4']);
  });

  it('within the limits of AWS, whatever labels are called and hold', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 50 }), (labels) => {
        const { tags, warnings } = tagged(labels, 45);
        const entries = Object.entries(tags);
        const unfit = entries.filter(
          ([key, value]) =>
            !/^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu.test(key) ||
            key.length > 128 ||
            !/^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,256}$/iu.test(value) ||
            value.length > 256,
        );
        expect(unfit).toEqual([]);
        expect(entries.length).toBeLessThanOrEqual(45);
        const kept = Object.entries(labels).filter(([name, value]) => name !== 'severity' && value !== '');
        const isChanged = kept.some(([name, value]) => tags[name] !== value);
        expect(warnings.length).toBe(isChanged ? 1 : 0);
      }),
    );
  });
});
