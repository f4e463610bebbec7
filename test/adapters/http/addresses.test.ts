import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { httpSource } from '../../../lambdas/adapters/http/source.ts';
import { addressLookup } from '../../../lambdas/adapters/http/addresses.ts';
import { startNameServer, type NameServer, type Said } from '../../services/name-server.ts';

let names: NameServer;
beforeAll(async () => {
  names = await startNameServer((name, record) => {
    if (name.startsWith('gone')) return 'no such name';
    const isSilent = name.startsWith('four') && record === 'AAAA';
    return !isSilent && /^(live|four)/.test(name) ? ['127.0.0.9'] : 'silence';
  });
});
afterAll(() => names.stop());

const found = (lookup: ReturnType<typeof addressLookup>, host: string) =>
  new Promise<unknown>((resolve) =>
    lookup(host, { all: true }, (error, addresses) => resolve(error === null ? addresses : error.message)),
  );
const nine = [{ address: '127.0.0.9', family: 4 }];

describe('the addresses of hosts', () => {
  it('are asked of DNS, once for each host', async () => {
    const lookup = addressLookup(60_000, [names.at]);
    const both = await Promise.all([found(lookup, 'live.example'), found(lookup, 'live.example')]);
    expect([...both, await found(lookup, 'live.example')]).toEqual([nine, nine, nine]);
    expect(names.asked.filter((each) => each.startsWith('live.example')).sort()).toEqual([
      'live.example A',
      'live.example AAAA',
    ]);
  });

  it('of names in the hosts file stand there, and are not asked of DNS', async () => {
    const lookup = addressLookup(60_000, [names.at]);
    expect(await found(lookup, 'localhost')).toContainEqual({ address: '127.0.0.1', family: 4 });
    expect(names.asked.filter((each) => each.startsWith('localhost'))).toEqual([]);
  });

  it('of names of one label are looked for in the search domains, the first of them first', async () => {
    const files = { hosts: new Map(), search: ['gone.example', 'example'] };
    const lookup = addressLookup(60_000, [names.at], () => files);
    expect(await found(lookup, 'live3')).toEqual(nine);
    expect(names.asked.filter((each) => each.startsWith('live3.') && each.endsWith(' A'))).toEqual([
      'live3.gone.example A',
      'live3.example A',
    ]);
  });

  it('of names of one label that nobody answers for hold up no others', async () => {
    const files = { hosts: new Map([['here', nine]]), search: [] };
    const lookup = addressLookup(1_500, [names.at], () => files);
    const dead = Promise.all(Array.from({ length: 4 }, (_, i) => found(lookup, `dead${i}`)));
    expect(await Promise.all([found(lookup, 'live4'), found(lookup, 'here')])).toEqual([nine, nine]);
    expect(await dead).toEqual(Array.from({ length: 4 }, (_, i) => `no address for dead${i}: ETIMEOUT`));
  });

  it('that are addresses are asked of nobody', async () => {
    expect(await found(addressLookup(60_000, [names.at]), '127.0.0.3')).toEqual([
      { address: '127.0.0.3', family: 4 },
    ]);
  });

  it('of names that nobody answers for are given up, while those of others are found at once', async () => {
    const lookup = addressLookup(1_500, [names.at]);
    const ended: string[] = [];
    const dead = Array.from({ length: 20 }, (_, i) => `dead${i}.example`).map(async (host) => {
      const said = await found(lookup, host);
      ended.push(host);
      return said;
    });
    expect(await found(lookup, 'live2.example')).toEqual(nine);
    expect(ended).toEqual([]);
    expect(new Set(await Promise.all(dead))).toEqual(
      new Set(dead.map((_, i) => `no address for dead${i}.example: ETIMEOUT`)),
    );
  });

  it('of IPv4 are found where nobody answers for those of IPv6', async () => {
    expect(await found(addressLookup(1_500, [names.at]), 'four.example')).toEqual(nine);
  });

  it('of a name that there is not have the code of DNS', async () => {
    const lookup = addressLookup(60_000, [names.at]);
    expect(await found(lookup, 'gone.invalid')).toBe('no address for gone.invalid: ENOTFOUND');
  });
});

describe('the addresses of a DNS name', () => {
  const said: Record<string, Said> = {
    'three.example': ['10.0.0.3', '10.0.0.1', '10.0.0.2', '10.0.0.1'],
    'both.example': ['fd00::1', '10.0.0.1'],
    'six.example': ['fd00::2', 'fd00::1:a'],
    'none.example': [],
    'gone.example': 'no such name',
    'failing.example': 'failure',
  };
  let server: NameServer;
  beforeAll(async () => {
    server = await startNameServer((name) => said[name] ?? 'silence');
  });
  afterAll(() => server.stop());
  const addresses = async (host: string, timeoutMs = 60_000) => {
    const source = httpSource({ timeoutMs, nameservers: [server.at] });
    try {
      return await source.addresses(host);
    } finally {
      await source.close();
    }
  };

  it('are all that it has, each once, in one order', async () => {
    expect(await addresses('three.example')).toEqual({
      ok: true,
      value: ['10.0.0.1', '10.0.0.2', '10.0.0.3'],
    });
  });

  it('are none where DNS says so', async () => {
    const none = { ok: true, value: [] };
    expect([await addresses('none.example'), await addresses('gone.example')]).toEqual([none, none]);
  });

  it.each([
    ['failing.example', 60_000, 'ESERVFAIL (DNS refuses to answer or fails)'],
    ['silent.example', 1_200, 'ETIMEOUT (DNS does not answer for this name)'],
  ])('are not known where DNS does not say: %s', async (host, timeoutMs, why) => {
    expect(await addresses(host, timeoutMs)).toEqual({
      ok: false,
      failure: { code: 'dns', message: `DNS gives no address for ${host}: ${why}` },
    });
  });

  it('are of IPv6 where there are no others', async () => {
    expect(await addresses('six.example')).toEqual({ ok: true, value: ['fd00::1:a', 'fd00::2'] });
  });

  it('are of IPv4 where a server has both', async () => {
    expect(await addresses('both.example')).toEqual({ ok: true, value: ['10.0.0.1'] });
    expect(await addresses('localhost')).toEqual({ ok: true, value: ['127.0.0.1'] });
  });
});
