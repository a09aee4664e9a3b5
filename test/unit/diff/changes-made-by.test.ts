import { expect, it } from 'vitest';
import { changesMadeBy } from '../../../src/domain/diff/changes-made-by.ts';
import { diffDefinitions } from '../../../src/domain/diff/diff-definitions.ts';
import { readDefinition } from '../../../src/domain/workflow/parse-document.ts';

const flow = (...steps: object[]) =>
  readDefinition(JSON.stringify({ apiVersion: 'towpath/v1', name: 'flow', executionMode: 'dag', steps }));
const answer = (more: object) => ({ id: 'answer', type: 'llm', label: 'Answer', model: 'a', task: 'x', ...more });
const extra = { id: 'extra', type: 'llm', task: 'y' };

it('counts what the last version changed, also where one before it had changed it too', () => {
  const live = flow(answer({}));
  const between = flow(answer({ model: 'b', timeout: '30s' }));
  const proposed = flow(answer({ model: 'c', timeout: '30s' }));
  const whole = diffDefinitions(live, proposed);
  expect(whole.changes).toHaveLength(2);
  expect(changesMadeBy(diffDefinitions(between, proposed), whole)).toBe(1);
});

it('counts a step to the version that brought it, not to one that changed it afterwards', () => {
  const live = flow(answer({}));
  const between = flow(answer({}), extra);
  const proposed = flow(answer({}), { ...extra, model: 'm' });
  const whole = diffDefinitions(live, proposed);
  expect(changesMadeBy(diffDefinitions(between, proposed), whole)).toBe(0);
  expect(changesMadeBy(diffDefinitions(live, proposed), whole)).toBe(whole.changes.length);
});

it('counts nothing that the last version took back', () => {
  const [live, between] = [flow(answer({})), flow(answer({ model: 'b' }))];
  expect(changesMadeBy(diffDefinitions(between, live), diffDefinitions(live, live))).toBe(0);
});
