import type { RollbackResult } from '../../../src/use-cases/use-cases.ts';
import type { RolloutReceiptView, RolloutView } from '../../../src/use-cases/views.ts';
import { type Canal, FLOW } from './open-canal.ts';

/** Hundredths of a percent. */
export const TEN_PERCENT = 1_000;

/** Short ways to act on canaries, by U0DEV unless said. */
export interface Canaries {
  /** Asks for one, and gives the new promotion's id. Fails where nothing opened. */
  open(environment: string, share?: number, workflow?: string): Promise<string>;
  /** Asks for one and has it approved; gives the promotion's id. */
  start(environment: 'staging' | 'production', share?: number, workflow?: string): Promise<string>;
  change(environment: string, share: number, more?: More & { expectedShare?: number }): Promise<RolloutReceiptView>;
  finish(environment: string, more?: More): Promise<RolloutReceiptView>;
  abort(environment: string, more?: More & { reason?: string }): Promise<RolloutReceiptView>;
  undo(deploymentId: string, by?: string): Promise<RolloutReceiptView>;
  show(environment: string, workflow?: string): Promise<RolloutView>;
  /** A rollback, with whatever it turns out to be. */
  rollBack(environment: string, more?: More & { to?: string; reason?: string }): Promise<RollbackResult>;
  /** The number and share of the one that runs; null for none. */
  running(environment: string, workflow?: string): Promise<[number, number] | null>;
}

interface More {
  by?: string;
  workflow?: string;
  expectedDeploymentId?: string;
}

const APPROVERS = { staging: 'U0LEE', production: 'U0ADA' };

export function canariesOf(canal: Canal): Canaries {
  const { useCases, as, workspaceId } = canal;
  const of = (environment: string, { by = 'U0DEV', workflow = FLOW, ...more }: More = {}) => ({
    actor: as(by),
    workflow,
    environment,
    ...more,
  });
  const canaries: Canaries = {
    async open(environment, share = TEN_PERCENT, workflow = FLOW) {
      const result = await useCases.requestPromotion({ ...of(environment, { workflow }), canary: share });
      if (result.kind !== 'opened') throw new Error(`Nothing was opened, but ${result.kind}.`);
      return result.promotion.id;
    },
    async start(environment, share, workflow) {
      const id = await canaries.open(environment, share, workflow);
      const { deployed } = await canal.approve(APPROVERS[environment], id);
      if (!deployed) throw new Error('It was approved, and did not start.');
      return id;
    },
    change: (environment, share, more) => useCases.changeRollout({ ...of(environment, more), share }),
    finish: (environment, more) => useCases.finishRollout(of(environment, more)),
    abort: (environment, more) => useCases.abortRollout(of(environment, more)),
    undo: (deploymentId, by = 'U0DEV') => useCases.undoAbort({ actor: as(by), deploymentId }),
    show: (environment, workflow = FLOW) => useCases.showRollout({ workspaceId, workflow, environment }),
    rollBack: (environment, more) => useCases.rollBack(of(environment, more)),
    async running(environment, workflow = FLOW) {
      const { items } = await useCases.showStatus({ actor: as('U0DEV'), workflow });
      const found = items[0]?.environments.find((one) => one.environment.name === environment)?.candidate;
      return found == null ? null : [found.version.number, found.share];
    },
  };
  return canaries;
}
