import { expect, it } from 'vitest';
import { Hopeless, waitFor, waitUntil } from './wait.ts';

const soon = { timeoutMs: 20, everyMs: 1 };

it('gives what it saw as soon as that is so', async () => {
  let count = 0;
  expect(
    await waitUntil(
      'three looks',
      () => (count += 1),
      (seen) => seen === 3,
    ),
  ).toBe(3);
  expect(await waitFor('four looks', () => (count += 1) >= 4 && `${count}`)).toBe('4');
});

it('in vain says what was awaited and what was seen last', async () => {
  const leafnodes = () => Promise.resolve({ hub1: 1, hub2: 0 });
  await expect(
    waitUntil('two leafnodes', leafnodes, ({ hub1, hub2 }) => hub1 + hub2 === 2, soon),
  ).rejects.toThrow('waited 0.02 s in vain for two leafnodes; last seen: { hub1: 1, hub2: 0 }');
});

it('in vain for one who fails says why, with the failure as its cause', async () => {
  const cause = new Error('connect ECONNREFUSED');
  await expect(waitFor('its ports', () => Promise.reject(cause), soon)).rejects.toThrow(
    expect.objectContaining({
      message: 'waited 0.02 s in vain for its ports; last seen: Error: connect ECONNREFUSED',
      cause,
    }) as Error,
  );
});

it('ends at once where waiting is of no use', async () => {
  let looks = 0;
  const dead = waitFor('its ports', () => {
    looks += 1;
    throw new Hopeless('it ended');
  });
  await expect(dead).rejects.toThrow(new Hopeless('it ended'));
  expect(looks).toBe(1);
});
