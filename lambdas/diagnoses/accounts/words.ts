import type { Target } from '../../define.ts';
import { accountQuery, shellQuoted } from '../shell-quoted.ts';

/** What a server knows of an account; its JWT's text is left out. */
export const accountCommand = ({ url }: Target, key: string): string =>
  `curl -s '${url}/accountz?${accountQuery(key)}' | grep -v '"jwt"'`;

/** What an operator's store has of an account. */
export const describeAccount = (name: string): string => `nsc describe account --name ${shellQuoted(name)}`;

export const accountsReport = 'nats server report accounts # with a context of the system account';
