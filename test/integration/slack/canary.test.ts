import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { StandInMessage } from '../../../src/adapters/sandbox/start-slack-stand-in.ts';
import { waitUntil } from '../../support/slack/wait-until.ts';
import { type SlackTowpath, startSlackTowpath } from './support/start-slack-towpath.ts';

let towpath: SlackTowpath;
let workflow: string;
let nth = 0;
beforeAll(async () => {
  towpath = await startSlackTowpath();
});
afterAll(() => towpath.stop());
beforeEach(async () => {
  nth += 1;
  workflow = `flow-${nth}`;
});

const actor = (userId: string) => ({ workspaceId: 'T0CANAL', userId, via: 'slack' }) as const;
const blocksOf = (message: StandInMessage) => JSON.stringify(message.blocks);
const type = (who: string, text: string) => towpath.slack.type(who, 'C0GENERAL', text);
const told = (who: string, words: string | RegExp) => towpath.told(who, 'C0GENERAL', words);

/** Live in staging as far as `versions`, each but the last fully; the last one in development only. */
async function prepare(versions = 2): Promise<void> {
  const { useCases } = towpath;
  for (let version = 1; version <= versions; version += 1) {
    await towpath.push(version, { workflow });
    await useCases.deployVersion({ actor: actor('U0DEV'), workflow });
    if (version === versions) return;
    await useCases.requestPromotion({ actor: actor('U0DEV'), workflow, environment: 'staging' });
    await useCases.approvePromotion({ actor: actor('U0LEE'), choice: { workflow } });
  }
}

/** The last version as a canary at 10%, by typing and clicking; gives its card. */
async function start(versions = 2): Promise<StandInMessage> {
  await prepare(versions);
  await type('U0DEV', `/promote ${workflow} staging --canary 10%`);
  const card = await towpath.message('C0STAGING', 'the card', (m) =>
    m.text.includes(`asks to take ${workflow} v${versions} from development to staging, as a canary at 10%`),
  );
  await towpath.slack.click('U0LEE', card, 'approve_promotion');
  return cardSaying(card, 'Canary in staging at 10%');
}

const cardSaying = (card: StandInMessage, words: string) =>
  towpath.message('C0STAGING', `the card to say ${words}`, (m) => m.ts === card.ts && blocksOf(m).includes(words));
const storySaying = (card: StandInMessage, words: string) =>
  towpath.message('C0STAGING', `the story of ${words}`, (m) => m.threadTs === card.ts && m.text.includes(words));

describe('a canary', () => {
  test('is asked for, approved, grown by a click and finished; its card says at each step who gets what', async () => {
    const card = await start();
    expect(blocksOf(card)).toContain('10% of users get *v2*, the canary');
    await storySaying(card, 'started as a canary at 10%');
    await towpath.slack.click('U0LEE', card, 'change_rollout:1');
    const grown = await cardSaying(card, 'Canary in staging at 50%');
    expect(blocksOf(grown)).toContain('50% get *v1*, as before');
    await storySaying(card, 'took the canary from 10% to 50%');

    await type('U0OTHER', `/towpath rollout ${workflow} stg`);
    const compared = await told('U0OTHER', `${workflow} in staging: canary of v2 at 50%`);
    expect(blocksOf(compared)).toContain('No run of it was reported yet');
    await type('U0OTHER', `/towpath status ${workflow}`);
    expect(blocksOf(await told('U0OTHER', `What is live where: ${workflow}`))).toContain('🐤 *v2* for 50% of users');

    await towpath.slack.click('U0LEE', grown, 'finish_rollout');
    const finished = await cardSaying(card, '✅ *Live in staging* for everybody');
    expect(blocksOf(finished)).toContain('"roll_back"');
    expect(blocksOf(finished)).not.toContain('rollout');
    await storySaying(card, 'everybody gets it now');
    await type('U0OTHER', `/towpath history ${workflow} staging`);
    expect(blocksOf(await told('U0OTHER', `History of ${workflow}`))).toContain('*v2* in staging: live');
  });

  test('is aborted by a click, which can be undone by whoever did it; the card follows', async () => {
    const card = await start();
    await towpath.slack.click('U0LIA', card, 'abort_rollout');
    await cardSaying(card, '*Canary aborted* by <@U0LIA>');
    const answer = await towpath.told('U0LIA', 'C0STAGING', `Aborted: ${workflow} v2 is out of staging`);
    await towpath.slack.click('U0LIA', answer, 'undo_abort');
    await cardSaying(card, 'Canary in staging at 10%');
    await storySaying(card, 'undid the abort');
    await waitUntil('the private answer to be replaced', () => {
      const shown = towpath.slack.messages('C0STAGING').find((m) => m.ts === answer.ts);
      return shown?.text.includes('runs again at 10%');
    });
  });

  test('is aborted by typing, with a reason that the card and the thread show', async () => {
    const card = await start();
    await type('U0LEE', `/towpath rollout ${workflow} staging abort it answers in French`);
    await told('U0LEE', `Aborted: ${workflow} v2 is out of staging. Everybody there gets v1, which stayed live.`);
    await cardSaying(card, 'it answers in French');
    const story = await storySaying(card, 'aborted the canary');
    expect(blocksOf(story)).toContain('it answers in French');
  });

  test('is all that a rollback takes out, which says so and offers to roll back what is live', async () => {
    const card = await start(3);
    await type('U0ONCALL', `/rollback ${workflow} staging it loops`);
    const answer = await told('U0ONCALL', 'Only the canary was taken out: v3 is gone from staging');
    expect(answer.text).toContain('everybody there gets v2, which stayed live and was *not* rolled back');
    await cardSaying(card, '*Canary aborted* by <@U0ONCALL>');
    await towpath.slack.click('U0ONCALL', answer, 'roll_back');
    await towpath.message('C0STAGING', 'the receipt', (m) => m.text.includes(`rolled ${workflow} back in staging: v1`));
    await waitUntil('the private answer to be replaced', () => {
      const shown = towpath.slack.messages('C0GENERAL').find((m) => m.ts === answer.ts);
      return shown?.text.includes('Rolled back: v2 is out of staging, and v1 is live there again.');
    });
  });

  test('and what is live both go by a rollback to a version', async () => {
    await start(3);
    await type('U0ONCALL', `/rollback ${workflow} staging to v1`);
    await told(
      'U0ONCALL',
      'Rolled back: v2 is out of staging, and v1 is live there again. The canary of v3 is out, too.',
    );
  });

  test('keeps another request waiting; one that a rollback frees goes live once somebody approves it again', async () => {
    await start(3);
    await towpath.push(4, { workflow });
    await towpath.useCases.deployVersion({ actor: actor('U0DEV'), workflow });
    await type('U0DEV', `/promote ${workflow} staging`);
    const waiting = await towpath.message('C0STAGING', 'the card', (m) =>
      m.text.includes(`asks to take ${workflow} v4 from development to staging`),
    );
    expect(blocksOf(waiting)).toContain('A canary of v3 runs at 10%: finish or abort it first');
    await towpath.slack.click('U0LEE', waiting, 'approve_promotion');
    await cardSaying(waiting, '✓ <@U0LEE>');
    await type('U0ONCALL', `/rollback ${workflow} staging it loops`);
    const kept = await cardSaying(waiting, 'Kept back since a rollback took out the canary that it waited for');
    expect(blocksOf(kept)).not.toContain('✅ *Live in staging*');
    await towpath.slack.click('U0LEE', kept, 'approve_promotion');
    await cardSaying(waiting, '✅ *Live in staging*');
  });

  test('is moved on by the buttons of a private answer, which then shows how it stands', async () => {
    const card = await start();
    await towpath.slack.click('U0LEE', card, 'show_rollout');
    const answer = await towpath.told('U0LEE', 'C0STAGING', `${workflow} in staging: canary of v2 at 10%`);
    await towpath.slack.click('U0LEE', answer, 'change_rollout:0');
    const moved = await waitUntil('the answer to show the step', () => {
      const shown = towpath.slack.messages('C0STAGING').find((m) => m.ts === answer.ts);
      return shown?.text.includes('is at 25% now, 10% before') ? shown : undefined;
    });
    await towpath.slack.click('U0LEE', moved, 'finish_rollout');
    await cardSaying(card, '✅ *Live in staging* for everybody');
    await waitUntil('the answer to say that it is finished', () =>
      towpath.slack.messages('C0STAGING').some((m) => m.ts === answer.ts && m.text.startsWith('Finished:')),
    );
  });

  test('is not given to fewer by a button that shows a smaller share than it has by now', async () => {
    await start();
    await type('U0LIA', `/towpath rollout ${workflow} staging`);
    const shown = await told('U0LIA', `${workflow} in staging: canary of v2 at 10%`);
    const { useCases } = towpath;
    await useCases.changeRollout({ actor: actor('U0LEE'), workflow, environment: 'staging', share: 5_000 });
    await towpath.slack.click('U0LIA', shown, 'change_rollout:0');
    await told('U0LIA', 'That canary is at 50% by now, not at 10% as was shown');
    const { candidate } = await useCases.showRollout({ workspaceId: 'T0CANAL', workflow, environment: 'staging' });
    expect(candidate.share).toBe(5_000);
  });

  test('is not moved by what shows another one', async () => {
    await start();
    await type('U0LIA', `/towpath rollout ${workflow} staging`);
    const shown = await told('U0LIA', `${workflow} in staging: canary of v2 at 10%`);
    const { useCases } = towpath;
    await useCases.abortRollout({ actor: actor('U0LEE'), workflow, environment: 'staging' });
    await useCases.requestPromotion({ actor: actor('U0DEV'), workflow, environment: 'staging', canary: 500 });
    await useCases.approvePromotion({ actor: actor('U0LEE'), choice: { workflow } });
    for (const button of ['change_rollout:0', 'finish_rollout']) {
      const before = towpath.slack.messages('C0GENERAL').length;
      await towpath.slack.click('U0LIA', shown, button);
      await waitUntil('the refusal', () => towpath.slack.messages('C0GENERAL').length > before);
    }
    await towpath.slack.click('U0LIA', shown, 'abort_rollout');
    await told('U0LIA', 'was aborted already. Nothing was changed.');
    const after = await useCases.showRollout({ workspaceId: 'T0CANAL', workflow, environment: 'staging' });
    expect(after.candidate.share).toBe(500);
  });
});

describe('asking for a canary', () => {
  test('of the version that is under review for everybody asks which of both is meant', async () => {
    await prepare();
    await type('U0DEV', `/promote ${workflow} staging`);
    await told('U0DEV', `Asked for: ${workflow} v2`);
    await type('U0DEV', `/promote ${workflow} staging --canary 10% better safe`);
    const question = await told('U0DEV', `${workflow} v2 is under review for staging`);
    expect(blocksOf(question)).toContain('Replace with v2 at 10%');
    await towpath.slack.click('U0DEV', question, 'replace_promotion');
    const card = await towpath.message('C0STAGING', 'the new card', (m) =>
      m.text.includes(`asks to take ${workflow} v2 from development to staging, as a canary at 10%`),
    );
    expect(blocksOf(card)).toContain('better safe');
  });

  test('of a version under review already opens nothing', async () => {
    await prepare();
    await type('U0DEV', `/promote ${workflow} staging --canary 10%`);
    await told(
      'U0DEV',
      `Asked for: ${workflow} v2 from development to staging, as a canary for 10% of users at first.`,
    );
    await type('U0OTHER', `/promote ${workflow} staging —canary 10%`);
    await told('U0OTHER', `${workflow} v2 is under review for staging already, as a canary for 10% of users at first`);
  });

  test.each([
    ['/promote FLOW staging --canary 150%', '“150%” is no share.'],
    ['/promote FLOW staging 10%', 'That takes --canary.'],
    ['/towpath rollout FLOW staging', /canary/i],
    ['/towpath rollout FLOW staging stop', 'Did you mean `abort`?'],
    ['/towpath rollout', '/towpath rollout WORKFLOW ENVIRONMENT [SHARE|finish|abort [REASON]]'],
    ['/towpath rollout help', 'How a canary does beside what is live.'],
  ])('%s changes nothing and says what to write', async (typed, words) => {
    await prepare();
    await type('U0OTHER', typed.replace('FLOW', workflow));
    await told('U0OTHER', words);
    expect(
      (await towpath.useCases.listPromotions({ workspaceId: 'T0CANAL', status: 'open', workflow, page: { limit: 1 } }))
        .items,
    ).toEqual([]);
  });

  test('where nothing is live yet is refused with what to do instead', async () => {
    await prepare(1);
    await type('U0DEV', `/promote ${workflow} staging --canary 10%`);
    await told('U0DEV', `Nothing of ${workflow} is live in staging yet`);
  });
});
