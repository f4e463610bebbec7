import { increase, known, type Increase } from '../../define.ts';
import { formatBytes, formatCount } from '../../engine/format.ts';
import type { Varz } from '../../readings/endpoints.ts';

/** What a diagnosis remembers to tell of a server's traffic. */
export const traffic = {
  opened: increase(),
  inMessages: increase(),
  inBytes: increase(),
  outBytes: increase(),
} as const;

type Grown = Increase | null;
type Recorders = { readonly [N in keyof typeof traffic]: (total: number) => Grown };
export type Traffic = { readonly [N in keyof typeof traffic]: Grown };

/** Since the last run; null where that is not known. */
export const trafficOf = (varz: Varz, history: Recorders): Traffic => ({
  opened: known(() => history.opened(varz.total_connections)),
  inMessages: known(() => history.inMessages(varz.in_msgs)),
  inBytes: known(() => history.inBytes(varz.in_bytes)),
  outBytes: known(() => history.outBytes(varz.out_bytes)),
});

const rate = (grown: Grown): number | null =>
  grown === null || grown.seconds === 0 ? null : grown.value / grown.seconds;

/** Evidence of what passes through a server, and of how many connections come. */
export function trafficRows({ opened, inMessages, inBytes, outBytes }: Traffic): readonly string[] {
  const [messages, inRate, outRate] = [rate(inMessages), rate(inBytes), rate(outBytes)];
  return [
    ...(messages === null || inRate === null || outRate === null
      ? []
      : [
          `traffic: ${formatCount(messages)} messages/s in, ${formatBytes(inRate)}/s in, ${formatBytes(outRate)}/s out`,
        ]),
    ...(opened === null
      ? []
      : [
          `churn: ${formatCount(opened.value)} came in ${formatCount(opened.seconds)} s, refused ones included`,
        ]),
  ];
}
