/**
 * Time that has to pass: a fault lasts, a worker thinks.
 */
export function pauseFor(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
