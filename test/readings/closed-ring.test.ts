import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../lambdas/durations.ts';
import { closesOf } from '../../lambdas/readings/closed-ring/quiet.ts';
import { varz } from '../kit.ts';
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
  it('grow from 128 over 256 and 1,024 to 4,096 rows when all are new', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.pass(minutes(1));
    server.close(10_000);
    expect(read.run().pages).toEqual([128, 256, 1_024, 4_096, 4_096, 400]);
  });

  it('end at the first when few rows are new, however large the ring', () => {
    const server = closingServer();
    server.close(9_000);
    server.pass(minutes(1));
    const read = reader(server);
    read.run();
    server.pass(minutes(1));
    server.close(100);
    expect(read.run().pages).toEqual([128]);
  });

  it.each([
    [40, 128],
    [41, 256],
  ])('begin, where %i rows closed half a minute before the last look, with %i', (closed, size) => {
    const server = closingServer();
    server.close(9_000);
    server.pass(minutes(1));
    const read = reader(server);
    read.run();
    server.pass(minutes(1));
    server.close(closed);
    read.run();
    server.pass(minutes(1));
    expect(read.run().pages).toEqual([size]);
  });

  it('end at the first after a burst: one row behind it tells that no other came late', () => {
    const server = closingServer();
    const read = reader(server);
    server.close(20);
    server.pass(minutes(1));
    read.run();
    server.close(9_000);
    expect(read.run().pages).toEqual([128, 256, 1_024, 4_096, 3_516]);
    for (const waits of [seconds(1), seconds(28), seconds(2), minutes(1)]) {
      server.pass(waits);
      const came = server.close(60);
      const { cids, pages, rows } = read.run();
      expect([ascending(cids), pages, rows <= 257]).toEqual([came, [256], true]);
    }
  });

  it('end at the first after a burst that filled the ring, as long as that row is in it', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.close(10_400);
    read.run();
    for (let i = 0; i < 5; i += 1) {
      server.pass(seconds(5));
      const came = server.close(100);
      const { cids, pages, rows } = read.run();
      expect([ascending(cids), pages, rows]).toEqual([came, [256], 257]);
    }
    server.pass(seconds(4));
    const came = server.close(100);
    const { cids, pages } = read.run();
    expect([ascending(cids), pages.length]).toEqual([came, 5]);
  });

  it('go on behind a burst where a row came late, which is new', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.close(2_000);
    const late = server.closeRecordedAfter(seconds(10));
    server.pass(1);
    server.close(3_000);
    expect(read.run().cids).toHaveLength(5_000);
    server.pass(seconds(20));
    const came = server.close(60);
    expect(ascending(read.run().cids)).toEqual(ascending([late, ...came]));
    server.pass(seconds(5));
    expect(read.run().cids).toEqual([]);
  });

  it('are all asked for again where more came than the first holds, each row once', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.close(5_000);
    read.run();
    server.pass(seconds(10));
    const came = server.close(300);
    const { cids, pages } = read.run();
    expect([ascending(cids), pages]).toEqual([came, [256, 1_024]]);
  });

  it('have rows once where some close while they are read after a burst', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    const burst = server.close(3_000);
    const first = read.run();
    server.pass(seconds(10));
    const came = server.close(60);
    const second = read.run(once(() => came.push(...server.close(3))));
    server.pass(seconds(10));
    const third = read.run();
    expect(ascending([...first.cids, ...second.cids, ...third.cids])).toEqual([...burst, ...came]);
  });
});

describe('a look that goes back only so far', () => {
  it('does not call the rest lost, nor report it later', () => {
    const server = closingServer();
    const read = reader(server, { lookBackMs: minutes(10), isBounded: true });
    read.run();
    server.close(2_000);
    server.pass(minutes(9));
    const came = server.close(10);
    server.pass(minutes(5));
    const { cids, since } = read.run();
    expect([ascending(cids), since.lost, since.ring]).toEqual([came, false, { held: 2_010, size: 10_000 }]);
    server.pass(minutes(1));
    expect(read.run().cids).toEqual([]);
  });

  it('ends where the last one did, where that is nearer', () => {
    const server = closingServer();
    const read = reader(server, { lookBackMs: minutes(10), isBounded: true });
    server.close(10);
    expect(read.run().cids).toHaveLength(10);
    server.pass(minutes(1));
    expect(read.run().cids).toEqual([]);
  });

  it('has the whole ring of a process that began since, as far as it goes back', () => {
    const server = closingServer();
    const read = reader(server, { lookBackMs: minutes(10), isBounded: true });
    read.run();
    server.restart();
    server.close(5);
    server.pass(minutes(11));
    const came = server.close(4);
    const { cids, since } = read.run();
    expect([ascending(cids), since.lost]).toEqual([came, false]);
  });
});

describe('a server whose clock is set back by an hour', () => {
  const setBack = () => {
    const server = closingServer();
    const read = reader(server);
    server.open(2);
    server.close(300);
    read.run();
    server.pass(minutes(1));
    server.close(3);
    read.run();
    server.pass(seconds(20));
    const [before] = server.close();
    server.setClock(minutes(-60));
    return { server, read, before };
  };

  it('has what closed since reported by the next run, though it stopped earlier than what is known', () => {
    const { server, read, before } = setBack();
    const [young] = server.close();
    const [old] = server.closeOpen();
    server.pass(seconds(40));
    const { cids, since } = read.run();
    expect(ascending(cids)).toEqual([old, before, young]);
    expect([since.unaccounted, since.lost]).toEqual([0, false]);
  });

  it('has it counted at the time it was seen, since its own time is none', () => {
    const { server, read } = setBack();
    server.close();
    server.pass(seconds(40));
    const ages = read.run().since.rows.map(({ stoppedAt }) => server.ourNow() - stoppedAt);
    expect(ages).toEqual([0, seconds(40)]);
  });

  it('has nothing reported twice in the hour after', () => {
    const { server, read } = setBack();
    const reported = Array.from({ length: 70 }, () => {
      server.pass(minutes(1));
      server.close();
      return read.run().cids.length;
    });
    expect(reported).toEqual([2, ...Array<number>(69).fill(1)]);
  });

  it('has counted what cannot be told from older closes of the same minute', () => {
    const server = closingServer();
    const read = reader(server);
    server.open(1);
    server.close(5);
    read.run();
    for (let i = 0; i < 60; i += 1) {
      server.pass(minutes(1));
      read.run();
    }
    server.setClock(minutes(-60));
    server.closeOpen();
    const { cids, since } = read.run();
    expect([cids, since.unaccounted]).toEqual([[], 1]);
    server.pass(minutes(1));
    expect(read.run().since).toMatchObject({ rows: [], unaccounted: 0 });
  });

  it('is no matter where it was set by less than half a minute', () => {
    const server = closingServer();
    const read = reader(server);
    server.open(1);
    server.close(5);
    read.run();
    server.setClock(seconds(-29));
    const closed = [...server.close(), ...server.closeOpen()];
    expect(ascending(read.run().cids)).toEqual(ascending(closed));
  });
});

describe('a server whose clock is wrong between two looks only', () => {
  it('has what closed meanwhile reported, whatever time it says', () => {
    const server = closingServer();
    const read = reader(server);
    server.close(3);
    read.run();
    server.pass(seconds(20));
    server.setClock(minutes(-90));
    const [meanwhile] = server.close();
    server.setClock(minutes(90));
    server.pass(seconds(40));
    expect(read.run().cids).toEqual([meanwhile]);
    server.pass(minutes(1));
    expect(read.run().cids).toEqual([]);
  });
});

describe('a server whose clock is set forward by an hour', () => {
  it('has each close once, at about the time it was seen', () => {
    const server = closingServer();
    const read = reader(server);
    server.close(3);
    read.run();
    server.pass(seconds(30));
    const [before] = server.close();
    server.setClock(minutes(60));
    const [after] = server.close();
    server.pass(seconds(30));
    const { rows } = read.run().since;
    expect(rows.map(({ cid, stoppedAt }) => [cid, server.ourNow() - stoppedAt])).toEqual([
      [after, seconds(30)],
      [before, seconds(90)],
    ]);
    server.pass(minutes(1));
    expect(read.run().cids).toEqual([]);
  });
});

describe('a row that cannot be decoded', () => {
  const leftOut = (cid: number) => ({
    count: 1,
    problem: 'connections[0].stop: expected a time',
    cids: [cid],
  });

  it('is counted by the run that first meets it, and no more', () => {
    const server = closingServer();
    server.close(3);
    const read = reader({ ...server, page: (at) => ({ ...server.page(at), leftOut: leftOut(2) }) });
    expect(read.run().since.leftOut).toEqual({ count: 1, problem: 'connections[0].stop: expected a time' });
    server.pass(minutes(1));
    server.close();
    expect(read.run().since).toMatchObject({ leftOut: null, rows: { length: 1 } });
  });
});

describe('a ring whose closes are counted', () => {
  const quiet = () => {
    const server = closingServer();
    server.close(2);
    const read = reader(server, { isCounted: true });
    /** Pages of a run, and the rows it reports. */
    const look = (afterMs: number) => {
      server.pass(afterMs);
      const { pages, cids } = read.run();
      return [pages.length, cids.length];
    };
    return { server, look };
  };

  it('is not read again once it was read half a minute after the last close was counted', () => {
    const { look } = quiet();
    expect([look(0), look(seconds(30) - 1), look(1), look(minutes(1)), look(minutes(5))]).toEqual([
      [1, 2],
      [1, 0],
      [1, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('is read in the minute in which one closes, and in the next', () => {
    const { server, look } = quiet();
    for (let i = 0; i < 3; i += 1) look(minutes(1));
    server.close();
    expect([look(minutes(1)), look(minutes(1)), look(minutes(1))]).toEqual([
      [1, 1],
      [1, 0],
      [0, 0],
    ]);
  });

  it('is read each 15 min all the same, and where the clock of its server was set', () => {
    const { server, look } = quiet();
    look(minutes(1));
    look(minutes(1));
    expect([look(minutes(15) - 1), look(1)]).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(look(minutes(1))).toEqual([0, 0]);
    server.setClock(seconds(6));
    expect(look(minutes(1))).toEqual([1, 0]);
  });

  it('is read of the process that took its place', () => {
    const { server, look } = quiet();
    for (let i = 0; i < 3; i += 1) look(minutes(1));
    server.restart();
    server.close(2);
    expect(look(minutes(1))).toEqual([1, 2]);
  });

  it('says what it holds without being read', () => {
    const server = closingServer();
    server.close(3);
    const read = reader(server, { isCounted: true });
    for (let i = 0; i < 2; i += 1) {
      read.run();
      server.pass(minutes(1));
    }
    expect(read.run().since).toEqual({
      ...{ rows: [], firstRun: false, lost: false, leftOut: null, unaccounted: 0 },
      ring: { held: 3, size: 10_000 },
    });
  });
});

describe('what /varz tells of closes', () => {
  const one = { total_connections: 9, connections: 4, slow_consumers: 0 };

  it('changes with each client that closed, and with each that is about to for being slow', () => {
    const before = closesOf(varz(one));
    expect([
      closesOf(varz({ ...one, total_connections: 10, connections: 5 })) === before,
      closesOf(varz({ ...one, connections: 3 })) === before,
      closesOf(varz({ ...one, slow_consumers: 1 })) === before,
    ]).toEqual([true, false, false]);
  });

  it('is nothing where leafnodes close, which it does not count', () => {
    const leaf = { port: 0, remotes: [] };
    expect([
      closesOf(varz({ ...one, leaf })),
      closesOf(varz({ ...one, leaf: { ...leaf, port: 7422 } })),
      closesOf(varz({ ...one, leaf: { ...leaf, remotes: [{ urls: [] }] } })),
      closesOf(varz({ ...one, leaf, leafnodes: 1 })),
    ]).toEqual([5, null, null, null]);
  });
});
