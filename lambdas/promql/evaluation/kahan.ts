/** A sum that carries what rounding lost (Neumaier's variant of Kahan's summation, as Prometheus sums). */
export class KahanSum {
  sum: number;
  lost = 0;

  constructor(start = 0) {
    this.sum = start;
  }

  add(value: number): void {
    const total = this.sum + value;
    if (!Number.isFinite(total)) this.lost = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.lost += this.sum - total + value;
    else this.lost += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    return this.sum + this.lost;
  }
}

/** The mean; values whose sum leaves the floats are averaged step by step instead. */
export function mean(values: ArrayLike<number>): number {
  const sum = new KahanSum(values[0] ?? NaN);
  for (let index = 1; index < values.length; index += 1) sum.add(values[index] ?? NaN);
  if (Number.isFinite(sum.sum)) return sum.total / values.length;
  const all = Array.from(values);
  if (!all.every(Number.isFinite)) return sum.total / values.length;
  return all.reduce((average, value, index) => average + (value / (index + 1) - average / (index + 1)), 0);
}
