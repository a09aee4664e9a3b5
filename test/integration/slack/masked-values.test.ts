import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SandboxModal } from '../../../src/adapters/sandbox/protocol.ts';
import { SAMPLES } from '../../support/documents/secret-samples.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
const CHANNEL = 'C0GENERAL';
beforeAll(async () => {
  towpath = await startSlackTowpath({
    configuration: `
environments:
  - { name: development, aliases: [dev], approvals: [] }
  - { name: staging, aliases: [stg], channel: C0STAGING, approvals: [{ role: lead, count: 1 }] }
people: { U0ADA: admin, U0LIA: lead, U0LEE: lead }
`,
  });
  const step = {
    id: 'ask',
    type: 'llm',
    label: 'Ask',
    model: 'x',
    systemPrompt: `Use ${SAMPLES.openai}.`,
    task: `And ${SAMPLES.github}.`,
  };
  const source = JSON.stringify({ apiVersion: 'towpath/v1', name: 'flow', steps: [step] });
  await towpath.useCases.pushVersion({ actor: actor('U0DEV'), source });
  await towpath.slack.type('U0DEV', CHANNEL, '/deploy flow');
  await towpath.told('U0DEV', CHANNEL, 'flow v1 is live');
});
afterAll(() => towpath.stop());

const actor = (userId: string) => ({ workspaceId: 'T0CANAL', userId, via: 'slack' }) as const;
const layer = () =>
  towpath.useCases.showSettingsLayer({ workspaceId: 'T0CANAL', environment: 'staging', workflow: 'flow' });
async function answer(as: string, command: string) {
  const before = towpath.slack.messages(CHANNEL).length;
  await towpath.slack.type(as, CHANNEL, command);
  return waitUntil(`an answer to ${command}`, () =>
    towpath.slack
      .messages(CHANNEL)
      .slice(before)
      .find((one) => one.ephemeralTo === as),
  );
}
async function openBinding(as: string, words: string): Promise<SandboxModal> {
  const message = await answer(as, '/towpath env stg flow');
  await towpath.slack.click(as, message, 'bind_masks:0');
  return waitUntil(`the form with “${words}”`, () => {
    const modal = towpath.slack.modals(as).at(-1);
    return JSON.stringify(modal?.view ?? '').includes(words) ? modal : null;
  });
}
const menus = ({ view }: SandboxModal) =>
  (view.blocks as { type: string; block_id: string; label?: { text: string } }[])
    .filter(({ type, block_id }) => type === 'input' && block_id.startsWith('mask:'))
    .map(({ block_id, label }) => ({ id: block_id, path: label?.text ?? '' }));

test('masked values are named, bound to secrets with approval, and then the promotion goes', async () => {
  expect((await answer('U0DEV', '/promote flow staging')).text).toContain('no secret is named for what was masked');
  const shown = JSON.stringify((await answer('U0LIA', '/towpath env stg flow')).blocks);
  expect(shown).toContain('2 masked values are bound to no secret:*');
  expect(shown).toContain('• steps[0].systemPrompt');
  expect(shown).not.toContain('masked~');

  const empty = await openBinding('U0LIA', 'There is no secret yet');
  await towpath.slack.closeView('U0LIA', empty.id);
  const secrets = { OPENAI_API_KEY: { env: 'STAGING_KEY' }, GITHUB_TOKEN: { file: '/run/secrets/github' } };
  const given = await towpath.useCases.proposeSettings({
    ...{ actor: actor('U0ADA'), environment: 'staging', settings: { secrets } },
  });
  if (given.kind === 'proposed')
    await towpath.useCases.approveSettings({ actor: actor('U0LEE'), proposalId: given.proposal.id });

  const form = await openBinding('U0LIA', 'OPENAI_API_KEY');
  expect(menus(form).map(({ path }) => path)).toEqual(['steps[0].systemPrompt', 'steps[0].task']);
  expect((await towpath.slack.submitView('U0LIA', form.id, {})).errors).toEqual({
    reason: 'Choose a secret for at least one of them.',
  });
  const [prompt = { id: '' }, task = { id: '' }] = menus(form);
  const chosen = { [prompt.id]: 'OPENAI_API_KEY', [task.id]: 'GITHUB_TOKEN' };
  expect((await towpath.slack.submitView('U0LIA', form.id, chosen)).errors).toEqual({});
  await towpath.told('U0LIA', CHANNEL, 'It applies once it is approved');
  expect((await layer()).settings).toEqual({});
  const card = await towpath.message('C0STAGING', 'the card', (m) =>
    JSON.stringify(m.blocks).includes('The masked value at steps[0].task is now bound to GITHUB_TOKEN'),
  );
  await towpath.slack.click('U0LIA', card, 'approve_settings:0');
  await towpath.told('U0LIA', 'C0STAGING', 'somebody else has to approve it');
  await towpath.slack.click('U0LEE', card, 'approve_settings:0');
  await waitUntil('the names', async () => Object.keys((await layer()).settings.masked ?? {}).length === 2);

  await towpath.slack.type('U0DEV', CHANNEL, '/promote flow staging');
  const promotion = await towpath.message('C0STAGING', 'the promotion', (m) => m.text.includes('asks to take flow v1'));
  await towpath.slack.click('U0LEE', promotion, 'approve_promotion');
  await towpath.message('C0STAGING', 'it live', (m) => m.ts === promotion.ts && m.text.includes('deployed'));
  expect(JSON.stringify((await answer('U0LIA', '/towpath env stg flow')).blocks)).not.toContain('bound to no secret');
});

test('what is bound shows as it is, can be bound to another secret, and is kept from being bound twice at once', async () => {
  const form = await openBinding('U0LIA', 'GITHUB_TOKEN');
  expect(JSON.stringify(form.view.blocks)).toContain(
    '"initial_option":{"text":{"type":"plain_text","text":"GITHUB_TOKEN"}',
  );
  const other = await openBinding('U0ADA', 'GITHUB_TOKEN');
  const task = menus(form).find(({ path }) => path === 'steps[0].task')?.id ?? '';
  expect((await towpath.slack.submitView('U0LIA', form.id, { [task]: 'OPENAI_API_KEY' })).errors).toEqual({});
  const { proposal } = await waitUntil('the proposal', async () => {
    const now = await layer();
    return now.proposal === null ? null : now;
  });
  await towpath.useCases.approveSettings({ actor: actor('U0LEE'), proposalId: proposal?.id ?? '' });
  const { errors } = await towpath.slack.submitView('U0ADA', other.id, {});
  expect(errors[task]).toContain('bound to OPENAI_API_KEY meanwhile');
});
