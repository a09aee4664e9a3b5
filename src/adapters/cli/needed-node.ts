/** As package.json says in `engines`, which an old npm passes over. */
export const NEEDED_NODE = '22.18';

/** What to say to whoever runs a Node that is too old; null when it is not. Takes versions such as `22.18.0`. */
export function describeOldNode(version: string, needed: string = NEEDED_NODE): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split('.').map(Number);
  if (major > neededMajor || (major === neededMajor && minor >= neededMinor)) return null;
  return `Towpath needs Node ${needed} or newer, and this is ${version}. Install a newer one (https://nodejs.org), then run it again.`;
}
