import { promtool } from '../../../promql/promtool.ts';
import type { PrometheusMajor } from '../../../services/prometheus.ts';

/** One run of `promtool check rules` over all texts: what it says of each, undefined where it takes the file. */
export async function verdicts(
  major: PrometheusMajor,
  texts: readonly string[],
): Promise<readonly (string | undefined)[]> {
  const names = texts.map((_text, index) => `f${index}.yml`);
  const printed = await promtool(
    major,
    ['check', 'rules', '--lint=none', ...names],
    Object.fromEntries(texts.map((text, index) => [`f${index}.yml`, text])),
  );
  const taken = new Set([...printed.matchAll(/^Checking (\S+)\n {2}SUCCESS/gm)].map(([, name]) => name));
  const refused = new Map<string, string>();
  for (const [, name = '', message = ''] of printed.matchAll(/^(f\d+\.yml): (.*(?:\n {2}(?!FAILED).*)*)/gm)) {
    if (!refused.has(name)) refused.set(name, message);
  }
  return names.map((name) => {
    const complaint = refused.get(name);
    if (taken.has(name) === (complaint !== undefined))
      throw new Error(`promtool gave no verdict on ${name}: ${printed.slice(0, 1000)}`);
    return complaint;
  });
}
