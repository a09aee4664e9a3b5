import canonicalize from 'canonicalize';
import type { RunnerSettings } from '../suite/runner-settings.ts';

/** A runner on one line: its name, or all that is said of it as JSON, by name. */
export function runnerText(runner: string | RunnerSettings): string {
  return typeof runner === 'string' ? runner : (canonicalize(runner) ?? '');
}
