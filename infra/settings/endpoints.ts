/** How a subscription is told. Plain http would carry findings in the clear, so it is not among them. */
export const protocols = [
  ...(['email', 'email-json', 'https', 'sms', 'sqs', 'lambda'] as const),
  // By Amazon Q Developer in chat applications, which subscribes by itself.
  ...(['slack', 'teams'] as const),
];
export type Protocol = (typeof protocols)[number];
export const chatProtocols = ['slack', 'teams'] as const satisfies readonly Protocol[];
export const isChat = (protocol: Protocol): protocol is (typeof chatProtocols)[number] =>
  protocol === 'slack' || protocol === 'teams';

/** The page that says how each is set up. */
export const pagersPage = 'infra/settings/pagers-and-chat.md';

/** An endpoint may hold a key, so no message repeats it. */
const endpoints: Readonly<Record<Protocol, { readonly pattern: RegExp; readonly expected: string }>> = {
  email: { pattern: /^[^\s@]+@[^\s@]+$/, expected: 'an e-mail address' },
  'email-json': { pattern: /^[^\s@]+@[^\s@]+$/, expected: 'an e-mail address' },
  https: { pattern: /^https:\/\/[^\s/?#]+\S*$/, expected: 'an https:// URL' },
  sms: { pattern: /^\+[1-9]\d{4,14}$/, expected: 'a phone number such as +15550100' },
  // A topic that is no FIFO topic cannot send to a FIFO queue, whose name ends with .fifo.
  sqs: {
    pattern: /^arn:aws[a-z-]*:sqs:[a-z]{2}[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
    expected: 'the ARN of a standard queue',
  },
  lambda: {
    pattern: /^arn:aws[a-z-]*:lambda:[a-z]{2}[a-z0-9-]+:\d{12}:function:[\w-]{1,64}(:[\w$-]{1,128})?$/,
    expected: 'the ARN of a function',
  },
  slack: {
    pattern: /^T[A-Z0-9]{5,}\/[CG][A-Z0-9]{5,}$/,
    expected: 'WORKSPACE/CHANNEL, such as T0AB12CD3/C0AB12CD3,',
  },
  teams: {
    pattern: /^[0-9a-f-]{36}\/[0-9a-f-]{36}\/19(:|%3[Aa])[\w.-]+(@|%40)thread\.(tacv2|skype)$/,
    expected: 'TENANT/TEAM/CHANNEL, two UUIDs and 19:…@thread.tacv2,',
  },
};

/** Of what may be secret, as a dynamic reference of CloudFormation: a secret, and perhaps its key, stage and version. */
const reference =
  /\{\{resolve:secretsmanager:(arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@-]+(:SecretString(:[^:{}\s]*){0,3})?\}\}/g;
const mayBeSecret: readonly Protocol[] = ['https', 'email', 'email-json', 'sms'];
/** Stands for a reference where the rest of an endpoint is looked at. */
const standIn = 'reference';

/** What takes messages of its own form alone, and never answers SNS' request to confirm: nothing would be sent. */
const neverConfirming = [
  { host: /^hooks\.slack(-gov)?\.com$/, of: "Slack's webhooks", instead: 'take protocol slack' },
  {
    host: /(^|\.)webhook\.office\.com$|^outlook\.office(365)?\.com$|\.logic\.azure\.com$|\.powerplatform\.com$/,
    of: "Teams' webhooks",
    instead: 'take protocol teams',
  },
  {
    host: /^((ptb|canary)\.)?discord(app)?\.com$|^chat\.googleapis\.com$|^api\.telegram\.org$/,
    of: 'webhooks of Discord, Google Chat and Telegram',
    instead: 'take protocol lambda, with a function of yours that posts there',
  },
] as const;

/** How keys look, as a part of a path or query: letters and digits without a pause; all kinds of them; a UUID. */
const keyLike = [
  /^(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{16,}$/i,
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{24,}$/,
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
] as const;
/** `token`; `routing_key`, `X-Api-Key`; `routingKey`; `accesstoken`. */
const keyNames = [
  /^(key|token|secret|sig|signature|auth|code|password)$/i,
  /[-_.](key|token|secret|signature|password)$/i,
  /[a-z](Key|Token|Secret|Signature|Password)$/,
  /^(access|api|auth|integration|routing|service)(key|token)$/i,
] as const;

function holdsKey({ username, password, pathname, searchParams }: URL): boolean {
  // As a token or a name with an ending has them, between dots and other marks, which a path may have encoded.
  const isKeyLike = (text: string) =>
    text.split(/[^\w-]|%[\da-f]{2}/i).some((part) => keyLike.some((pattern) => pattern.test(part)));
  const namesKey = (name: string) => keyNames.some((pattern) => pattern.test(name));
  return (
    // A login without a password may be a token.
    (password !== '' && password !== standIn) ||
    (password === '' && username !== '' && username !== standIn) ||
    pathname.split('/').some(isKeyLike) ||
    [...searchParams].some(
      ([name, value]) => isKeyLike(value) || (namesKey(name) && value !== '' && value !== standIn),
    )
  );
}

/** Why an endpoint cannot be one, without a word of it; null where it can. */
export function endpointProblem(protocol: Protocol, endpoint: string): string | null {
  const { pattern, expected } = endpoints[protocol];
  const text = endpoint.replaceAll(reference, standIn);
  if (/\{\{|\}\}/.test(text))
    return 'expected a reference such as {{resolve:secretsmanager:SECRET}} or {{resolve:secretsmanager:SECRET:SecretString:KEY}}: CloudFormation takes no ssm-secure here, and ssm holds what it names in clear';
  if (text === standIn && mayBeSecret.includes(protocol)) return null;
  if (text !== endpoint && protocol !== 'https')
    return mayBeSecret.includes(protocol)
      ? `expected ${expected} for ${protocol}, or one reference in its place`
      : `expected ${expected} for ${protocol}: it is no secret`;
  if (!pattern.test(text) || (protocol === 'https' && !URL.canParse(text)))
    return `expected ${expected} for ${protocol}`;
  if (protocol !== 'https') return null;
  const url = new URL(text);
  const hostname = url.hostname.replace(/\.$/, '');
  const never = neverConfirming.find(({ host }) => host.test(hostname));
  if (never)
    return `${never.of} never confirm a subscription of SNS, so that nothing would be sent: ${never.instead} (${pagersPage})`;
  return holdsKey(url)
    ? `this URL seems to hold a key, which templates and logs would show: put the URL into Secrets Manager and "{{resolve:secretsmanager:SECRET}}" here (${pagersPage})`
    : null;
}
