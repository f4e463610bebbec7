import type { Check } from '../define.ts';
import { minutes } from '../durations.ts';
import type { Judgement } from '../engine/judgement/judge.ts';
import { keyOfDns, type DnsLook } from '../readings/found-by-name.ts';

/** A server that is replaced is behind its name again by then. */
const comingBack = minutes(5);

/** Of servers that just left their DNS name nothing is known: their findings wait for so long, and then end. */
export const ofAbsent = (check: Check, looks: readonly DnsLook[], at: number): readonly Judgement[] =>
  looks.flatMap(({ dns, failure, gone }) =>
    gone
      .filter(({ seenAt }) => failure !== null || at - seenAt <= comingBack)
      .flatMap(({ name }) =>
        check.diagnoses
          .filter(({ scope }) => scope === 'server')
          .map((diagnosis): Judgement => {
            const seen = `${name} is not behind ${keyOfDns(dns)} any more`;
            const target = { name, url: '' };
            return { diagnosis, target, verdict: 'unknown', seen, conclusive: false, breaches: [] };
          }),
      ),
  );
