import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checks } from '../../lambdas/checks/catalogue.ts';
import type { Moto } from '../services/moto.ts';
import { borrowMoto } from '../services/shared-moto.ts';
import { unitsOfQuietMinute } from './quiet-minute.ts';

let moto: Moto;
beforeAll(async () => {
  moto = await borrowMoto();
});
afterAll(() => moto.stop());

/** Windows of rules are full, and every base is written. */
const span = { before: 17, measured: 3 };

describe('memory of three servers costs a minute', () => {
  it('in which nothing happens a unit written and a unit read a check', async () => {
    expect(await unitsOfQuietMinute(moto, 'idle', span)).toEqual(
      Object.fromEntries(checks.map(({ id }) => [id, { write: 1, read: 1 }])),
    );
  });

  it('in which jobs come and go another unit written for their closes', async () => {
    expect(await unitsOfQuietMinute(moto, 'ordinary', span)).toEqual(
      Object.fromEntries(
        checks.map(({ id }) => [id, { write: id === 'connection-stopped' ? 2 : 1, read: 1 }]),
      ),
    );
  });
});
