// With auth=1 a row's authorized_user is, by kind of login (auth.go getRawAuthUser): the user name, the nkey, the public
// key of a JWT's user, or the token. Tokens are shown as they are up to 2.11.2 (nats-server PR 6808; seen on 2.9.10 and
// 2.10.27, open and closed, of failed logins as well), from then on as "[REDACTED]". Nothing in the row tells a token
// from a user name, so only the server's version can.

/** First release of each line that redacts tokens. */
export const TOKENS_REDACTED_SINCE = ['2.11.3', '2.12.0'] as const;

const NKEY_OF_USER = /^U[A-Z2-7]{55}$/;
const SECRETS = [
  /^eyJ/, // a JWT or its beginning
  /^[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}$/, // any three base64 parts
  /^(?:S[A-Z]|P)[A-Z2-7]{50,}$/, // nkey seed or private key
  /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/=_-]{24,}$/, // long and random: more likely a token than a name
  /^\[REDACTED\]$/,
];

export type UserFilter = (user: string | undefined) => string | undefined;

/**
 * What of `authorized_user` may be kept: a user's public key always, a name where the server redacts tokens itself.
 * Made once per page: thousands of rows share few users, and each is judged once.
 */
export function userFilter(tokensRedacted: boolean): UserFilter {
  const judged = new Map<string, string | undefined>();
  return (user) => {
    if (user === undefined) return undefined;
    if (!judged.has(user)) judged.set(user, mayBeKept(user, tokensRedacted) ? user : undefined);
    return judged.get(user);
  };
}

function mayBeKept(user: string, tokensRedacted: boolean): boolean {
  if (NKEY_OF_USER.test(user)) return true;
  return tokensRedacted && user.length <= 64 && !SECRETS.some((secret) => secret.test(user));
}
