import { expect, it } from 'vitest';
import { decodeHealthz } from '../../../lambdas/readings/decoders/healthz.ts';

it('is ok with 200', () => {
  expect(decodeHealthz({ status: 'ok' }, 200)).toEqual({
    ok: true,
    value: { http_status: 200, status: 'ok', errors: [] },
  });
});

it('names the listener that is not up, as in a lame-duck drain', () => {
  const error = 'failed to be ready for connections after 1ms: server';
  expect(decodeHealthz({ status: 'error', errors: [{ type: 'CONNECTION', error }] }, 500)).toEqual({
    ok: true,
    value: { http_status: 500, status: 'error', errors: [{ type: 'CONNECTION', error }] },
  });
});

it('has only one sentence on 2.9', () => {
  const error = 'failed to be ready for connections after 1ms: server';
  expect(decodeHealthz({ status: 'error', error }, 503)).toEqual({
    ok: true,
    value: { http_status: 503, status: 'error', error, errors: [] },
  });
});

it('is a problem without a status', () => {
  expect(decodeHealthz({ healthy: true }, 200)).toEqual({
    ok: false,
    problem: 'status: expected string, received nothing',
  });
});
