import type { Value } from './values.ts';
import { byBytes, ExpandError, typeOf } from './values.ts';

/** As `eq`: values of different types are not compared, so that `eq $value 1` fails where `eq $value 1.0` does not. */
export function equal(left: Value, right: Value): boolean {
  refuseOthers(left, right);
  return left === right;
}

/** Below, at or above 0 as the left is less, the same or more; NaN where neither holds. */
export function compare(left: Value, right: Value): number {
  refuseOthers(left, right);
  if (typeof left === 'boolean') throw new ExpandError('bools have no order');
  if (typeof left === 'string' && typeof right === 'string') return byBytes(left, right);
  if (left === right) return 0;
  const [a, b] = [Number(left), Number(right)];
  return a < b ? -1 : a > b ? 1 : NaN;
}

function refuseOthers(left: Value, right: Value): void {
  const other = [left, right].find((value) => typeof value === 'object');
  if (other !== undefined) throw new ExpandError(`a ${typeOf(other)} is not compared here`);
  if (typeof left !== typeof right)
    throw new ExpandError(`a ${typeOf(left)} and a ${typeOf(right)} cannot be compared`);
}
