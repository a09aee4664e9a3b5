import { expect, it } from 'vitest';
import { makeSuiteTasks } from '../../../src/adapters/runners/suite-tasks.ts';
import { RetryAt } from '../../../src/use-cases/retry-at.ts';

it('no environment takes the places of the others with runs that last', async () => {
  const ends: (() => void)[] = [];
  const begun: string[] = [];
  const tasks = makeSuiteTasks({
    run({ runId }) {
      begun.push(runId);
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  const ask = (environmentId: string, runId: string) => tasks['run-suite']({ workspaceId: 'T1', environmentId, runId });
  const long = ['a', 'b', 'c', 'd'].map((runId) => ask('development', runId));
  await expect(ask('development', 'e')).rejects.toThrow(RetryAt);
  const other = ask('production', 'f');
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'f']);

  ends[0]?.();
  await long[0];
  const next = ask('development', 'g');
  expect(begun.at(-1)).toBe('g');
  for (const end of ends) end();
  await Promise.all([...long, other, next]);
});

it('a run that fails gives its place back', async () => {
  const tasks = makeSuiteTasks({ run: () => Promise.reject(new Error('It broke.')) });
  for (let n = 0; n < 10; n++)
    await expect(
      tasks['replay-shadow']({ workspaceId: 'T1', environmentId: 'development', runId: `${n}` }),
    ).rejects.toThrow('It broke.');
});
