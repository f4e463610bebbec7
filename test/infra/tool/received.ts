/** An alert as both sides are compared: labels and annotations in one text each. */
export type Alert = { readonly labels: string; readonly annotations: string };
/** `name alertname minute` of a check, and the alerts that fire there. */
export type Received = ReadonlyMap<string, readonly Alert[]>;

export const checkKey = (test: string, alertname: string, minute: number): string =>
  `${test} ${alertname} ${minute}`;

/** The alerts that promtool printed where a test expected others. */
export function receivedByPromtool(printed: string): Received {
  const found = new Map<string, Alert[]>();
  let [test, alerts]: [string, Alert[]] = ['', []];
  let isGot = false;
  for (const line of printed.split('\n')) {
    const name = /^ {4}name: (.*),$/.exec(line)?.[1];
    const check = /^ {4}alertname: (?<alertname>\w+), time: (?<time>\w+),/.exec(line)?.groups;
    const labels = /^ {14}Labels:(.*)$/.exec(line)?.[1];
    const annotations = /^ {14}Annotations:(.*?),?$/.exec(line)?.[1];
    if (name !== undefined) test = name;
    if (check !== undefined) {
      alerts = [];
      found.set(checkKey(test, check['alertname'] ?? '', minutesOf(check['time'] ?? '')), alerts);
      isGot = false;
    }
    if (/^ {8}got:/.test(line)) isGot = true;
    if (isGot && labels !== undefined) alerts.push({ labels, annotations: '' });
    const last = alerts.at(-1);
    if (isGot && annotations !== undefined && last !== undefined) {
      alerts[alerts.length - 1] = { ...last, annotations };
    }
  }
  return found;
}

/** `1h5m0s` in minutes. */
function minutesOf(text: string): number {
  const { h = '0', m = '0' } = /^(?:(?<h>\d+)h)?(?:(?<m>\d+)m)?(?:\d+s)?$/.exec(text)?.groups ?? {};
  return Number(h) * 60 + Number(m);
}

/** As Prometheus prints labels. */
export const printedLabels = (texts: Readonly<Record<string, string>>): string =>
  `{${Object.keys(texts)
    .toSorted()
    .map((name) => `${name}=${JSON.stringify(texts[name])}`)
    .join(', ')}}`;
