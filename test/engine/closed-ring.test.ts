import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../lambdas/durations.ts';
import { ascending, closingServer, once, reader } from './closing-server.ts';

describe('a first run', () => {
  it('looks back ten minutes and says that it is the first', () => {
    const server = closingServer();
    server.close();
    server.pass(1);
    const [edge] = server.close();
    server.pass(minutes(10));
    const { cids, since } = reader(server).run();
    expect(cids).toEqual([edge]);
    expect([since.firstRun, since.lost]).toEqual([true, false]);
  });

  it('counts nothing of the time before in later runs', () => {
    const server = closingServer();
    server.close(3);
    server.pass(minutes(20));
    const read = reader(server);
    read.run();
    server.pass(minutes(1));
    expect(read.run()).toMatchObject({ cids: [], since: { firstRun: false, lost: false } });
  });

  it('that looks back for less than half a minute counts nothing of the time before in later runs', () => {
    const server = closingServer();
    server.close(2);
    server.pass(seconds(11));
    server.close(255);
    const read = reader(server, { lookBackMs: seconds(10) });
    expect([read.run().cids.length, read.run().cids]).toEqual([255, []]);
  });

  it('of a ring without rows finds nothing, and the next run everything', () => {
    const server = closingServer();
    const read = reader(server);
    expect(read.run().cids).toEqual([]);
    server.pass(minutes(1));
    server.close(2);
    expect(ascending(read.run().cids)).toEqual([1, 2]);
  });
});

describe('a row', () => {
  it('is reported newest first, with its age by the server and its lifetime', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.close();
    server.pass(seconds(20));
    server.close();
    server.pass(seconds(10));
    const { rows } = read.run().since;
    expect(
      rows.map(({ cid, stoppedAt, lifetimeSeconds }) => [cid, server.now() - stoppedAt, lifetimeSeconds]),
    ).toEqual([
      [2, seconds(10), 60],
      [1, seconds(30), 60],
    ]);
  });

  it('is reported once, though runs look 30 s past it', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    const reported = [0, 1, 2, 3].map(() => {
      server.close(2);
      server.pass(seconds(10));
      return read.run().cids.length;
    });
    expect(reported).toEqual([2, 2, 2, 2]);
  });

  it('that is recorded up to 30 s after it stopped is reported by the run after', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    const late = server.closeRecordedAfter(seconds(30));
    server.pass(seconds(30) - 1);
    const [prompt] = server.close();
    expect(read.run().cids).toEqual([prompt]);
    server.pass(1);
    expect(read.run().cids).toEqual([late]);
    expect(read.run().cids).toEqual([]);
  });

  it('that is recorded that late while pages are read is reported by the run after', () => {
    const server = closingServer();
    const read = reader(server);
    server.close(300);
    server.pass(1);
    const late = server.closeRecordedAfter(seconds(30));
    server.pass(seconds(30) - 1);
    expect(read.run(once(() => server.pass(seconds(1)))).cids).not.toContain(late);
    expect(read.run().cids).toEqual([late]);
  });

  it('has its time though reading the ring took long', () => {
    const server = closingServer();
    server.close(300);
    const read = reader(server);
    const { rows } = read.run(once(() => server.pass(seconds(5)))).since;
    expect(new Set(rows.map(({ stoppedAt, stop }) => stoppedAt - stop))).toEqual(new Set([0]));
  });

  it('is reported once when rows that close meanwhile shift it to the next page', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.pass(minutes(1));
    const before = server.close(700);
    const meanwhile: number[] = [];
    const first = read.run(() => {
      server.pass(1);
      meanwhile.push(...server.close(10));
    });
    server.pass(minutes(1));
    const second = read.run();
    expect(ascending([...first.cids, ...second.cids])).toEqual([...before, ...meanwhile]);
    expect(first.cids.length).toBe(before.length);
  });
});

describe('pages of the ring', () => {
  it('grow from 256 over 1,024 to 4,096 rows when all are new', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.pass(minutes(1));
    server.close(10_000);
    expect(read.run().pages).toEqual([256, 1_024, 4_096, 4_096, 528]);
  });

  it('end at the first when few rows are new, however large the ring', () => {
    const server = closingServer();
    server.close(9_000);
    server.pass(minutes(1));
    const read = reader(server);
    read.run();
    server.pass(minutes(1));
    server.close(100);
    expect(read.run().pages).toEqual([256]);
  });

  it('end at the first once a burst is half a minute old', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.close(9_000);
    expect(read.run().pages).toEqual([256, 1_024, 4_096, 3_624]);
    server.pass(seconds(30));
    expect(read.run().pages).toEqual([256, 1_024, 4_096, 3_624]);
    server.pass(1);
    expect(read.run().pages).toEqual([256, 1_024, 4_096, 3_624]);
    expect(read.run().pages).toEqual([256]);
  });
});
