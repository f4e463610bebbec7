import { describe, expect, it } from 'vitest';
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

describe('a reply that names no reason', () => {
  it.each(['ok', 'OK', ' Ok '])('is well where it is 200 and says %j', (status) => {
    const value = { http_status: 200, status: 'ok', errors: [] };
    expect(decodeHealthz({ status, error: '' }, 200)).toEqual({ ok: true, value });
    expect(decodeHealthz({ status }, 200)).toEqual({ ok: true, value });
  });

  it.each([
    [200, { status: 'green' }, 'status: expected "ok", or a reason beside it, received string "green"'],
    [200, { status: '' }, 'status: expected "ok", or a reason beside it, received string ""'],
    [
      200,
      { status: 'error', errors: [] },
      'status: expected "ok", or a reason beside it, received string "error"',
    ],
    [503, { status: 'ok' }, 'status: expected a reason beside it (HTTP 503), received string "ok"'],
    [
      503,
      { status: 'down', error: ' ' },
      'status: expected a reason beside it (HTTP 503), received string "down"',
    ],
    [
      503,
      { status: 'error', errors: [{ type: 'STREAM', error: '' }] },
      'status: expected a reason beside it (HTTP 503), received string "error"',
    ],
  ])('is not understood else: HTTP %i %j', (http, json, problem) => {
    expect(decodeHealthz(json, http)).toEqual({ ok: false, problem });
  });

  it('is understood by its reason, whatever its status word is', () => {
    const reply = { status: 'degraded', error: 'no room on disk' };
    expect(decodeHealthz(reply, 200)).toEqual({
      ok: true,
      value: { http_status: 200, status: 'degraded', error: 'no room on disk', errors: [] },
    });
  });
});
