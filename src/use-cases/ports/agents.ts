import type { Agent } from '../../domain/agent.ts';
import type { Page, PageRequest } from './paging.ts';

export interface AgentReader {
  /** Those seen last first; of one environment, or of all. */
  list(environmentId: string | null, page: PageRequest): Promise<Page<Agent>>;
}

export interface AgentWriter {
  /**
   * Notes that an agent is there now; the first time is its registration. Null: it would be one more than `most` in its
   * environment.
   */
  see(
    agent: Pick<Agent, 'environmentId' | 'name' | 'release'> & { tokenId: string },
    most: number,
  ): Promise<Agent | null>;
  /** Forgets those not seen for so many days. */
  forget(days: number): Promise<void>;
}
