import { beforeEach } from 'vitest';
import type { Deployment } from '../../../src/domain/deployment.ts';
import type { Version } from '../../../src/domain/version.ts';
import type { ActiveDeployment, Transaction } from '../../../src/use-cases/ports.ts';
import { activate, createVersion, createWorkflow } from './seed.ts';
import { type SeededWorkspace, withSeededWorkspace } from './with-seeded-workspace.ts';

export type SeededWorkflow = SeededWorkspace & { workflowId: string };

/** Short ways to act on the workflow of the test that runs. */
export interface ThreeVersions {
  /** A transaction that has locked the workflow. */
  act<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** The version with this number: 1, 2 or 3. */
  version(n: number): Version;
  /** Makes it live in development. */
  deploy(n: number): Promise<Deployment>;
  /** What is live in development. */
  active(): Promise<ActiveDeployment | null>;
}

/** As `withSeededWorkspace`, with a workflow in it that has three versions, none of which is live. */
export function withThreeVersions(opened: (seeded: SeededWorkflow) => void): ThreeVersions {
  let here: SeededWorkspace;
  let workflowId: string;
  let versions: Version[];
  const { write } = withSeededWorkspace((seeded) => {
    here = seeded;
  });
  beforeEach(async () => {
    [workflowId, versions] = await write(async (tx) => {
      const { id } = await createWorkflow(tx);
      return [id, [await createVersion(tx, id), await createVersion(tx, id), await createVersion(tx, id)]];
    });
    opened({ ...here, workflowId });
  });
  const act: ThreeVersions['act'] = (work) =>
    write(async (tx) => {
      await tx.workflows.getByIdLocked(workflowId);
      return work(tx);
    });
  const version = (n: number) => versions[n - 1] as Version;
  return {
    act,
    version,
    deploy: (n) => act((tx) => activate(tx, version(n), here.development)),
    active: () =>
      here.db.ports.reading(here.workspaceId, (tx) => tx.deployments.findActive(workflowId, here.development.id)),
  };
}
