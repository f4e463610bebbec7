import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../lambdas/durations.ts';
import { ascending, closingServer, once, reader } from './closing-server.ts';

describe('a restarted server', () => {
  it('has only new rows, of the cids that the one before had', () => {
    const server = closingServer();
    const read = reader(server);
    server.close(3);
    expect(ascending(read.run().cids)).toEqual([1, 2, 3]);
    server.restart();
    server.close(2);
    const { cids, since } = read.run();
    expect(ascending(cids)).toEqual([1, 2]);
    expect([since.lost, since.firstRun]).toEqual([false, false]);
  });

  it('reports rows from before the first look back, as all of them are new', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.restart();
    server.close(2);
    server.pass(minutes(30));
    expect(ascending(read.run().cids)).toEqual([1, 2]);
  });

  it('has lost nothing while its new ring is not full', () => {
    const server = closingServer({ ringSize: 100 });
    const read = reader(server, { configuredSize: 100 });
    server.close(100);
    read.run();
    server.restart();
    server.close(99);
    expect(read.run().since).toMatchObject({ lost: false, ring: { held: 99, size: 100 } });
  });

  it('may have lost rows where its new ring is full already', () => {
    const server = closingServer({ ringSize: 100 });
    const read = reader(server, { configuredSize: 100 });
    server.close(50);
    read.run();
    server.restart();
    server.close(130);
    expect(read.run().since).toMatchObject({ lost: true, ring: { held: 100, size: 100 } });
  });
});

describe('a ring that turned over between runs', () => {
  it('says that rows were lost, and reports those that are left', () => {
    const server = closingServer({ ringSize: 100 });
    const read = reader(server);
    server.close(10);
    read.run();
    server.pass(minutes(1));
    const closed = server.close(120);
    const { cids, since } = read.run();
    expect(since.lost).toBe(true);
    expect(ascending(cids)).toEqual(closed.slice(-100));
  });

  it('says so once', () => {
    const server = closingServer({ ringSize: 100 });
    const read = reader(server);
    server.close(10);
    read.run();
    server.close(120);
    read.run();
    server.pass(minutes(1));
    server.close(5);
    expect(read.run().since).toMatchObject({ lost: false, rows: { length: 5 } });
  });

  it('says so though rows closed while its pages were read', () => {
    const server = closingServer({ ringSize: 1_000 });
    const read = reader(server);
    server.close(10);
    read.run();
    server.pass(minutes(1));
    server.close(1_500);
    const { since } = read.run(() => {
      server.pass(1);
      server.close(5);
    });
    expect(since.lost).toBe(true);
  });

  it('says so though a row recorded late stopped before the last run', () => {
    const server = closingServer({ ringSize: 100 });
    const read = reader(server);
    server.closeRecordedAfter(seconds(20));
    server.pass(seconds(5));
    server.close(10);
    read.run();
    server.close(120);
    server.pass(seconds(15));
    server.close(30);
    expect(read.run().since.lost).toBe(true);
  });

  it('says so of a ring that was empty at the last run and is full now', () => {
    const server = closingServer({ ringSize: 100 });
    const read = reader(server, { configuredSize: 100 });
    read.run();
    server.close(150);
    expect(read.run().since.lost).toBe(true);
  });

  it('is not meant where one row of the last run is left', () => {
    const server = closingServer({ ringSize: 100 });
    const read = reader(server);
    server.close(10);
    read.run();
    server.close(99);
    expect(read.run().since).toMatchObject({ lost: false, rows: { length: 99 } });
  });

  it('is not meant where nothing closed for hours', () => {
    const server = closingServer();
    server.close(3);
    server.pass(minutes(5));
    const read = reader(server);
    read.run();
    server.pass(minutes(300));
    expect(read.run().since).toMatchObject({ lost: false, rows: [] });
  });
});

describe('the size of the ring', () => {
  it('is what settings say until it was seen full', () => {
    const server = closingServer({ ringSize: 500 });
    server.close(20);
    expect(reader(server, { configuredSize: 2_000 }).run().since.ring).toEqual({ held: 20, size: 2_000 });
  });

  it('is at least what it holds', () => {
    const server = closingServer();
    server.close(300);
    expect(reader(server, { configuredSize: 100 }).run().since.ring).toEqual({ held: 300, size: 300 });
  });

  it('is learnt when new rows came and it did not grow, and kept', () => {
    const server = closingServer({ ringSize: 500 });
    const read = reader(server);
    server.close(600);
    expect(read.run().since.ring).toEqual({ held: 500, size: 10_000 });
    server.pass(minutes(1));
    server.close(1);
    expect(read.run().since.ring).toEqual({ held: 500, size: 500 });
    expect(read.run().since.ring).toEqual({ held: 500, size: 500 });
  });

  it('is not mistaken where a row closed while pages were read', () => {
    const server = closingServer();
    const read = reader(server);
    read.run();
    server.pass(minutes(1));
    server.close(400);
    read.run(once(() => server.close()));
    expect(read.run().since).toMatchObject({ rows: { length: 1 }, ring: { held: 401, size: 10_000 } });
  });

  it('is learnt anew after a restart', () => {
    const server = closingServer({ ringSize: 500 });
    const read = reader(server);
    server.close(600);
    read.run();
    server.close(1);
    read.run();
    server.restart();
    server.close(1);
    expect(read.run().since.ring).toEqual({ held: 1, size: 10_000 });
  });
});
