import { describe, expect, it } from 'vitest';
import { isAddress, linkTo, opens, runbookText } from '../../lambdas/engine/links.ts';

const addresses = ['https://wiki.example/a', 'HTTPS://wiki.example/a'];

describe('a link', () => {
  it.each(addresses)('to %s opens, whatever the case of its scheme', (address) => {
    expect([opens(address), isAddress(address), linkTo(address, 'x', 'other')]).toEqual([
      true,
      true,
      `${address}#x`,
    ]);
  });

  it.each(['http://wiki.example/a', 'runbooks/a.md', 'https://', ''])('to %j does not open', (address) => {
    expect([opens(address), linkTo(address, 'x', 'other')]).toEqual([false, 'other']);
  });
});

it('a runbook is shown without what stands around it, a path as one', () => {
  expect([...addresses, ' http://wiki.example/a\n', 'runbooks/a.md'].map(runbookText)).toEqual([
    'Runbook: https://wiki.example/a',
    'Runbook: HTTPS://wiki.example/a',
    'Runbook: http://wiki.example/a',
    'Runbook, a path and no address: runbooks/a.md',
  ]);
});
