import type { Json } from '../../domain/workflow/json.ts';
import type { AllPorts, Page, RunFilter, RunRecord, SuiteRunRecord } from '../ports.ts';
import { keptSuite } from './kept-suite.ts';

/** Run records looked through, and characters of inputs that are taken. */
const MOST_RECORDS = 2_000;
const MOST_CHARACTERS = 20_000_000;

/**
 * What is replayed: recent inputs of the live version in the target, then of the workflow in the environment before, then those of
 * its suite; so many, each once. Inputs are there only where an environment keeps what goes into runs.
 */
export async function replayedInputs(
  ports: Pick<AllPorts, 'glance' | 'documents'>,
  workspaceId: string,
  run: SuiteRunRecord,
  sample: number,
): Promise<Json[]> {
  const { workflowId, environmentId, liveVersionId } = run;
  const taken = new Map<string, number>();
  const isFull = () =>
    taken.size >= sample || [...taken.values()].reduce((sum, size) => sum + size, 0) > MOST_CHARACTERS;
  const take = (input: string) => {
    if (!isFull() && !taken.has(input)) taken.set(input, input.length);
  };
  await takeRecorded(
    ports,
    workspaceId,
    { environmentIds: [environmentId], workflowId, ...(liveVersionId !== null && { versionId: liveVersionId }) },
    take,
    isFull,
  );
  const before = await ports.glance(workspaceId, async (tx) => {
    const pipeline = await tx.environments.pipeline();
    return pipeline[pipeline.findIndex(({ id }) => id === environmentId) - 1];
  });
  if (before !== undefined && !isFull())
    await takeRecorded(ports, workspaceId, { environmentIds: [before.id], workflowId }, take, isFull);
  if (!isFull()) await takeOfSuite(ports, workspaceId, workflowId, take);
  return [...taken.keys()].map((input) => JSON.parse(input) as Json);
}

async function takeRecorded(
  ports: Pick<AllPorts, 'glance' | 'documents'>,
  workspaceId: string,
  filter: RunFilter,
  take: (input: string) => void,
  isFull: () => boolean,
): Promise<void> {
  let cursor: string | null = null;
  for (let seen = 0; seen < MOST_RECORDS && !isFull(); seen += 100) {
    const page = { limit: 100, payloads: true, ...(cursor !== null && { cursor }) };
    const found: Page<RunRecord> = await ports.glance(workspaceId, (tx) => tx.runs.list(filter, page));
    for (const { input } of found.items) if (input !== null) take(input);
    cursor = found.cursor;
    if (cursor === null) return;
  }
}

async function takeOfSuite(
  ports: Pick<AllPorts, 'glance' | 'documents'>,
  workspaceId: string,
  workflowId: string,
  take: (input: string) => void,
): Promise<void> {
  const suite = await ports.glance(workspaceId, (tx) => tx.suites.newest(workflowId));
  if (suite === null) return;
  for (const { input } of (await keptSuite(ports.documents, suite)).cases) take(JSON.stringify(input));
}
