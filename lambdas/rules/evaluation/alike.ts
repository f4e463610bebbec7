/** Whether two are the same JSON data. */
export function isAlike(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) || Array.isArray(other)) {
    if (!Array.isArray(one) || !Array.isArray(other) || one.length !== other.length) return false;
    for (let at = 0; at < one.length; at += 1) if (!isAlike(one[at], other[at])) return false;
    return true;
  }
  const [own, others] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const names = Object.keys(own);
  return (
    names.length === Object.keys(others).length && names.every((name) => isAlike(own[name], others[name]))
  );
}
