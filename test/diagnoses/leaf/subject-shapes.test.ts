import { describe, expect, it } from 'vitest';
import { subjectShapes } from '../../../lambdas/diagnoses/leaf/subject-shapes.ts';

const many = (count: number, subject: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => subject(i));
/** 22 letters and digits, as NATS makes unique ids. */
const nuid = (i: number) => `Xq${String(i).padStart(20, '0')}`;
const word = (i: number) =>
  `d${i.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? 'q')}`;
const shapes = (subjects: readonly string[]) =>
  subjectShapes(subjects).map(({ kind, pattern, count }) => `${count} ${kind} ${pattern}`);

describe('shapes of subjects', () => {
  it('are inboxes of clients, one for each connection', () => {
    expect(shapes(many(100, (i) => `_INBOX.${nuid(i)}.*`))).toEqual(['100 inbox _INBOX.>']);
  });

  it('are inboxes without a wildcard, as push consumers and single requests have them', () => {
    expect(shapes(many(100, (i) => `_INBOX.${nuid(i)}`))).toEqual(['100 deliver _INBOX.>']);
  });

  it("are inboxes under a prefix of one's own, told by their form", () => {
    expect(shapes(many(100, (i) => `acme.replies.${nuid(i)}.*`))).toEqual(['100 inbox acme.replies.>']);
  });

  it('are deliver subjects that say so', () => {
    expect(shapes(many(100, (i) => `deliver.orders.${nuid(i)}`))).toEqual(['100 deliver deliver.orders.*']);
  });

  it('are one varying token: which, and how many values it has', () => {
    const [shape] = subjectShapes(many(18_000, (i) => `orders.${word(i)}.created`));
    expect(shape).toEqual({
      kind: 'varying',
      pattern: 'orders.*.created',
      count: 18_000,
      share: 1,
      varies: { token: 2, values: 18_000 },
    });
  });

  it.each([
    ['numbers', (i: number) => String(i)],
    ['hexadecimal', (i: number) => `00c0ffee${i.toString(16).padStart(8, '0')}`],
    ['uuids', (i: number) => `123e4567-e89b-12d3-a456-${String(i).padStart(12, '0')}`],
    ['long ids', (i: number) => `01ARZ3NDEKTSV4RRFFQ69G${String(i).padStart(4, '0')}`],
  ])('are ids in a token: %s', (_, id) => {
    expect(shapes(many(50, (i) => `devices.${id(i)}.state`))).toEqual(['50 varying devices.*.state']);
  });

  it('are an id and a name that both vary', () => {
    expect(shapes(many(100, (i) => `plant.${word(i % 10)}.${i}`))).toEqual(['100 varying plant.*.*']);
  });

  it('are two names that both vary', () => {
    const subjects = many(2_400, (i) => `plant.${word(i % 60)}.${word(i)}.state`);
    expect(shapes(subjects)).toEqual(['2400 varying plant.*.*.state']);
  });

  it("are the servers' own, and those of services and streams", () => {
    const subjects = [
      '$SYS.REQ.USER.INFO',
      '$LDS.e4NXF5Dbhb0NXizfyf7zn9',
      '$SRV.PING',
      '$SRV.PING.orders.abc',
      '$SRV.INFO.orders.abc',
      `$JS.S.${nuid(1)}`,
      `$JS.M.${nuid(2)}`,
      `_R_.${nuid(3)}.>`,
    ];
    expect(shapes(subjects)).toEqual([
      '3 service $SRV.>',
      '1 system $SYS.>',
      '1 system $LDS.>',
      '1 replication $JS.S.>',
      '1 replication $JS.M.>',
      '1 system _R_.>',
    ]);
  });

  it('are one subject again and again, which only queue groups of different names make', () => {
    expect(shapes(many(100, () => 'orders.created'))).toEqual(['100 repeated orders.created']);
  });

  it('are none where nothing is alike', () => {
    expect(shapes(['a.b', 'c.d.e', 'f'])).toEqual(['3 single ']);
  });

  it('keep wildcards that were subscribed to', () => {
    expect(shapes(many(20, (i) => `plant.${word(i)}.>`))).toEqual(['20 varying plant.*.>']);
  });

  it('come with their shares, the largest first', () => {
    const mixed = [...many(25, (i) => `_INBOX.${nuid(i)}.*`), ...many(75, (i) => `orders.${i}`)];
    expect(subjectShapes(mixed).map(({ pattern, share }) => [pattern, share])).toEqual([
      ['orders.*', 0.75],
      ['_INBOX.>', 0.25],
    ]);
  });

  it('make no family of seven, but of eight', () => {
    expect(shapes(many(7, (i) => `a.${word(i)}`))).toEqual(['7 single ']);
    expect(shapes(many(8, (i) => `a.${word(i)}`))).toEqual(['8 varying a.*']);
  });

  it('count exactly where there are more than are searched', () => {
    const [shape] = subjectShapes([
      ...many(60_000, (i) => `orders.${word(i)}.created`),
      ...many(30_000, word),
    ]);
    expect(shape).toMatchObject({ pattern: 'orders.*.created', count: 60_000, varies: { values: 60_000 } });
  });

  it('are none of nothing', () => {
    expect(subjectShapes([])).toEqual([]);
  });
});
