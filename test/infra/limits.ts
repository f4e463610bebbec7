import type { Resource } from './synth.ts';

/** CloudWatch's limits on an alarm, and our own that its name begins as the topics' policy asks. */
export function fitsCloudWatch(alarm: Resource['Properties']): boolean {
  const tags = alarm['Tags'] as readonly { Key: string; Value: string }[];
  const metrics = (alarm['Metrics'] as readonly unknown[] | undefined)?.length ?? 1;
  const seconds = Number(alarm['Period'] ?? 300) * Number(alarm['EvaluationPeriods'] ?? 1);
  return (
    /^nats\/[\x20-\x7e]{1,250}$/.test(String(alarm['AlarmName'])) &&
    String(alarm['AlarmDescription']).length <= 1_024 &&
    ((alarm['AlarmActions'] ?? []) as readonly unknown[]).length <= 5 &&
    tags.length <= 50 &&
    new Set(tags.map(({ Key }) => Key)).size === tags.length &&
    tags.every(
      ({ Key, Value }) =>
        /^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu.test(Key) &&
        /^(?!aws:)[\p{L}\p{N} _.:/=+@-]{1,256}$/iu.test(Value),
    ) &&
    metrics <= 10 &&
    seconds <= 86_400
  );
}
