type Reply = { readonly account_details?: unknown };

/** A reply of `/jsz` as it is where no configuration was asked for: the server's own is shown all the same. */
export function withoutConfigs<T extends object>(reply: T & Reply): T {
  const { account_details: accounts } = reply;
  if (accounts === undefined) return reply;
  const text = JSON.stringify(accounts, (key, value: unknown) => (key === 'config' ? undefined : value));
  return { ...reply, account_details: JSON.parse(text) as unknown };
}
