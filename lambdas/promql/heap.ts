/**
 * Keeps the first `size` values by `before`, with the ties of Go's container/heap: among equal ones it depends on the
 * heap's inner order which stays, so that order is kept the same.
 */
export function leading<T>(
  items: Iterable<T>,
  size: number,
  valueOf: (item: T) => number,
  direction: 'top' | 'bottom',
): readonly T[] {
  const heap: T[] = [];
  const less = (left: T, right: T): boolean => {
    const [a, b] = [valueOf(left), valueOf(right)];
    // NaN is the worst in both directions.
    if (Number.isNaN(a)) return true;
    return direction === 'top' ? a < b : a > b;
  };
  const swap = (left: number, right: number): void => {
    const [a, b] = [heap[left], heap[right]];
    if (a === undefined || b === undefined) return;
    heap[left] = b;
    heap[right] = a;
  };
  const lessAt = (left: number, right: number): boolean => {
    const [a, b] = [heap[left], heap[right]];
    return a !== undefined && b !== undefined && less(a, b);
  };
  const up = (start: number): void => {
    for (let index = start; index > 0;) {
      const parent = (index - 1) >> 1;
      if (!lessAt(index, parent)) return;
      swap(parent, index);
      index = parent;
    }
  };
  const down = (): void => {
    for (let index = 0; ;) {
      let child = 2 * index + 1;
      if (child >= heap.length) return;
      if (child + 1 < heap.length && lessAt(child + 1, child)) child += 1;
      if (!lessAt(child, index)) return;
      swap(index, child);
      index = child;
    }
  };
  for (const item of items) {
    const worst = heap[0];
    if (heap.length < size || worst === undefined) {
      heap.push(item);
      up(heap.length - 1);
    } else if (better(valueOf(item), valueOf(worst), direction)) {
      heap[0] = item;
      down();
    }
  }
  return heap.sort((left, right) => (less(right, left) ? -1 : less(left, right) ? 1 : 0));
}

function better(value: number, than: number, direction: 'top' | 'bottom'): boolean {
  if (Number.isNaN(than)) return !Number.isNaN(value);
  return direction === 'top' ? value > than : value < than;
}
