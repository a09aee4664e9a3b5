import type { TowpathConfiguration } from './domain/configuration/configuration.ts';
import type { Logger } from './log.ts';

/** Tells the operator of environments whose gates could never answer: without an address of Towpath's own there is none to answer to. */
export function warnOfGates(
  { environments }: Pick<TowpathConfiguration, 'environments'>,
  publicUrl: string | null,
  log: Pick<Logger, 'warn'>,
): void {
  if (publicUrl !== null) return;
  const asking = environments.filter(({ policy: { gates = [], stricter = [] } }) =>
    [{ gates }, ...stricter].some((one) => (one.gates ?? []).length > 0),
  );
  if (asking.length === 0) return;
  log.warn(
    { environments: asking.map(({ name }) => name) },
    'PUBLIC_URL is not set, so gates have nowhere to answer to and nothing goes live where they are asked: set it to the address that Towpath is reached at',
  );
}
