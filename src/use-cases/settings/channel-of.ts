import type { Environment } from '../../domain/environment.ts';
import type { Reading } from '../ports.ts';

/** Where a workflow is told of in an environment: its own channel there, else the environment's; null where neither has one. */
export async function channelOf(tx: Reading, environment: Environment, workflowId: string): Promise<string | null> {
  const own = await tx.settings.layer(environment.id, workflowId);
  return own?.settings.channel ?? environment.channel;
}
