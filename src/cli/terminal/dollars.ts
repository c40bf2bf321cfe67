/** An amount in US dollars; small ones with more digits. */
export function dollars(value: number): string {
  return `$${value.toFixed(value < 0.1 ? 4 : 2)}`;
}
