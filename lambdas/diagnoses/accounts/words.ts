import type { Target } from '../../define.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** What a server knows of an account; its JWT's text is left out. */
export const accountCommand = ({ url }: Target, key: string): string =>
  `curl -s ${quoted(`${url}/accountz?acc=${encodeURIComponent(key)}`)} | grep -v '"jwt"'`;

export const accountsReport = 'nats server report accounts # with a context of the system account';
