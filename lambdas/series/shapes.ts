import { isObject, type JsonObject } from './json.ts';
import type { Row } from './replies.ts';

/** A reply that is not of the shape that rows are read from; the message names path and what was expected. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

/** The reply itself as the only row. */
export function one(reply: unknown): readonly (Row & { readonly json: JsonObject })[] {
  return reply === undefined || reply === null ? [] : [{ json: object(reply, 'reply'), labels: {} }];
}

/** The rows of a list of the reply; none where the reply is not there. */
export function listIn(reply: unknown, name: string): readonly unknown[] {
  return reply === undefined || reply === null ? [] : list(object(reply, 'reply')[name], name);
}

/** Go writes an empty list as `null`, or leaves it out. */
export function list(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ShapeError(`${name}: expected a list`);
  return value;
}

export function objectIn(reply: unknown, name: string): JsonObject {
  return reply === undefined || reply === null ? {} : object(object(reply, 'reply')[name] ?? {}, name);
}

function object(value: unknown, name: string): JsonObject {
  if (!isObject(value)) throw new ShapeError(`${name}: expected an object`);
  return value;
}
