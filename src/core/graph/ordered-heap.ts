/** A set that knows its first item, by an order that is total. Putting and removing cost the logarithm of its size. */
export class OrderedHeap<T> {
  private readonly compare: (a: T, b: T) => number;
  private readonly items: { readonly key: string; readonly item: T }[] = [];
  private readonly places = new Map<string, number>();

  constructor(compare: (a: T, b: T) => number) {
    this.compare = compare;
  }

  get size(): number {
    return this.items.length;
  }

  has(key: string): boolean {
    return this.places.has(key);
  }

  first(): T | undefined {
    return this.items[0]?.item;
  }

  /** Adds the item of a key, or puts another one in its place. */
  put(key: string, item: T): void {
    const place = this.places.get(key) ?? this.items.length;
    this.set(place, { key, item });
    this.sink(this.rise(place));
  }

  remove(key: string): void {
    const place = this.places.get(key);
    if (place === undefined) return;
    this.places.delete(key);
    const last = this.items.pop();
    if (last === undefined || place === this.items.length) return;
    this.set(place, last);
    this.sink(this.rise(place));
  }

  /** The first `count` matching items in order. The cost depends on the visited items, not on the size of the set. */
  take(count: number, fits: (item: T) => boolean = () => true): T[] {
    const taken: T[] = [];
    // Places whose parent was taken: the next item is one of them.
    const open = [0];
    while (taken.length < count) {
      const least = open.reduce((a, b) => (this.before(b, a) ? b : a), open[0] ?? this.items.length);
      const entry = this.items[least];
      if (entry === undefined) break;
      if (fits(entry.item)) taken.push(entry.item);
      const children = [2 * least + 1, 2 * least + 2].filter((place) => place < this.items.length);
      open.splice(open.indexOf(least), 1, ...children);
    }
    return taken;
  }

  private rise(from: number): number {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.before(place, parent)) break;
      this.swap(place, parent);
      place = parent;
    }
    return place;
  }

  private sink(from: number): void {
    let place = from;
    for (;;) {
      const left = 2 * place + 1;
      const least = this.before(left + 1, left) ? left + 1 : left;
      if (!this.before(least, place)) return;
      this.swap(place, least);
      place = least;
    }
  }

  private before(a: number, b: number): boolean {
    const [first, second] = [this.items[a], this.items[b]];
    return first !== undefined && second !== undefined && this.compare(first.item, second.item) < 0;
  }

  private swap(a: number, b: number): void {
    const [first, second] = [this.items[a], this.items[b]];
    if (first === undefined || second === undefined) return;
    this.set(a, second);
    this.set(b, first);
  }

  private set(place: number, entry: { readonly key: string; readonly item: T }): void {
    this.items[place] = entry;
    this.places.set(entry.key, place);
  }
}
