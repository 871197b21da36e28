/** The query of an address, without what is not there. React Native's `URLSearchParams` is not whole. */
export function search(parameters: Record<string, string | number | boolean | undefined>): string {
  return Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
    .join('&');
}
