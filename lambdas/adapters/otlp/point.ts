import type { SeriesPoint } from '../../ports.ts';

// CloudWatch's limits of one datapoint.
const mostLabels = 150;
const mostLabelBytes = 40 * 1024;

/**
 * Why a point cannot be sent, null if it can. NaN and infinities cannot: JSON has no numbers for them, and whether
 * CloudWatch takes protobuf's words for them is not known.
 */
export function refusal(point: SeriesPoint): string | null {
  const { labels, value, at } = point;
  if (!Number.isFinite(value)) return `its value is ${value}, and only finite ones can be sent`;
  if (!Number.isSafeInteger(at)) return `its time is ${at}, not whole milliseconds`;
  if (point.kind === 'sum' && point.startMs !== null && !Number.isSafeInteger(point.startMs)) {
    return `its start time is ${point.startMs}, not whole milliseconds`;
  }
  const pairs = Object.entries(labels);
  if (pairs.length > mostLabels) return `it has ${pairs.length} labels, at most ${mostLabels}`;
  const bytes = pairs.reduce((sum, [name, text]) => sum + Buffer.byteLength(name + text), 0);
  if (bytes > mostLabelBytes) return `its labels have ${bytes} bytes, at most ${mostLabelBytes}`;
  return null;
}
