const endOf = (tokens: readonly string[], at: number): boolean => tokens[at] === '>';

/** Whether one subject can mean something that both wildcards take: `orders.*` and `*.new`. */
export function overlap(a: string, b: string): boolean {
  const [own, other] = [a.split('.'), b.split('.')];
  for (let i = 0; ; i += 1) {
    if (i === own.length || i === other.length) return own.length === other.length;
    if (endOf(own, i) || endOf(other, i)) return true;
    if (own[i] !== '*' && other[i] !== '*' && own[i] !== other[i]) return false;
  }
}

/** Whether a subject with wildcards takes all that another one does: `orders.>` takes `orders.*`. */
export function contains(pattern: string, subject: string): boolean {
  const [wide, narrow] = [pattern.split('.'), subject.split('.')];
  for (let i = 0; ; i += 1) {
    if (endOf(wide, i)) return i < narrow.length;
    if (i === wide.length || i === narrow.length) return wide.length === narrow.length;
    if (endOf(narrow, i)) return false;
    if (wide[i] !== '*' && wide[i] !== narrow[i]) return false;
  }
}
